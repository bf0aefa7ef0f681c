export * from "tslib";
