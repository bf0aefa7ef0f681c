// The built-in components by their tags, and the official ones that are only a named grey box here.

import { button, navigator, openData, swiper, swiperItem, webView } from "./actions.js";
import { icon, image, progress, richText, scrollView, text, view } from "./basic.js";
import { checkbox, checkboxGroup, form, input, label, picker, radio, radioGroup, slider, switchPart, textarea } from "./forms.js";
import { part, props } from "./part.js";

/** Components of WeChat's that this phone does not draw. */
export const GREY = new Set(["ad", "ad-custom", "audio", "camera", "canvas", "channel-live", "channel-video", "editor",
  "functional-page-navigator", "grid-view", "keyboard-accessory", "list-view", "live-player", "live-pusher", "map", "match-media",
  "movable-area", "movable-view", "navigation-bar", "official-account", "open-container", "page-container", "page-meta", "picker-view",
  "picker-view-column", "root-portal", "share-element", "snapshot", "sticky-header", "sticky-section", "video", "voip-room", "wxs", "xr-frame"]);
// Of the grey ones those that only hold others: they are drawn as a view.
const HOLDERS = ["movable-area", "movable-view", "page-container", "root-portal", "match-media", "share-element", "sticky-header",
  "sticky-section", "grid-view", "list-view", "cover-view", "page-meta", "navigation-bar"];

/** `services` is `{load, ask, choose, go, open, unsupported, isField}`: what the components need of the phone. */
export function builtIns({ load, ask, choose, go, open, unsupported, isField }) {
  return {
    view, text, icon, progress, swiper, label, checkbox, radio, slider, textarea,
    "scroll-view": scrollView,
    "rich-text": richText,
    "swiper-item": swiperItem,
    "checkbox-group": checkboxGroup,
    "radio-group": radioGroup,
    switch: switchPart,
    image: image(load),
    "cover-image": image(load),
    input: input(ask),
    form: form(isField),
    picker: picker(choose),
    button: button(open, unsupported),
    navigator: navigator(go),
    "open-data": openData,
    "web-view": webView,
    ...Object.fromEntries(HOLDERS.map((tag) => [tag, holder])),
  };
}

const holder = part({ properties: props({ show: Boolean }) });
