module.exports = {
  projectName: "made-for-a-test",
  designWidth: 750,
  sourceRoot: "src",
  outputRoot: "dist",
  framework: "react",
  compiler: { type: "webpack5", prebundle: { enable: false } },
};
