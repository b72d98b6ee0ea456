import { en, type Texts } from "./en.ts";

const texts: Texts = en;
export default texts;
