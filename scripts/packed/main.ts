// `npm run packed`: the packages as users get them.
import { root } from "../vendors.js";
import { checkPackages } from "./check-packages.js";

const { passed, failed } = await checkPackages(`${root}.cache/packed`);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
