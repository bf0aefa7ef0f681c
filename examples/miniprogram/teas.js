// What the shop has. It is content, not data: a guest sees all of it, also without a network.

module.exports = [
  { id: "longjing", colour: "#9db36b", zh: "西湖龙井", en: "Longjing", zhNote: "豆香，清甜", enNote: "chestnut, sweet" },
  { id: "biluochun", colour: "#86a85c", zh: "碧螺春", en: "Biluochun", zhNote: "花果香，鲜爽", enNote: "fruit and flowers, brisk" },
  { id: "baihao", colour: "#d9c79a", zh: "白毫银针", en: "Silver Needle", zhNote: "毫香，柔和", enNote: "downy, mild" },
  { id: "tieguanyin", colour: "#b79a4b", zh: "铁观音", en: "Tieguanyin", zhNote: "兰香，回甘", enNote: "orchid, lingering" },
  { id: "dahongpao", colour: "#9c5b34", zh: "大红袍", en: "Da Hong Pao", zhNote: "岩骨花香", enNote: "mineral, roasted" },
  { id: "puer", colour: "#5c3524", zh: "熟普洱", en: "Ripe Pu'er", zhNote: "陈香，醇厚", enNote: "earth, round" },
];
