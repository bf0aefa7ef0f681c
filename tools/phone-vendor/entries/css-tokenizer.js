export { tokenize, tokenTypes } from "css-tree/tokenizer";
