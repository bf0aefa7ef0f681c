export * as glassEasel from "glass-easel";
export * as miniprogram from "glass-easel-miniprogram-adapter";
