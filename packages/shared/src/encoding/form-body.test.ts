import { expect, it } from "vitest";
import { formBody } from "./form-body.js";

it("writes texts, numbers and booleans as pairs, and leaves out what is not there", () => {
  expect(formBody()({ name: "a b&c=d", count: 3, all: false, none: null, left: undefined })).toBe(
    "name=a+b%26c%3Dd&count=3&all=false",
  );
});

it("writes a list as one pair an item", () => {
  expect(formBody()({ id: [1, 2] })).toBe("id=1&id=2");
});

it("writes objects, and lists that are named deep, with brackets", () => {
  const body = { parameters: { from: 1, columns: ["a", "b"] }, expand: ["x"] };
  expect(decodeURIComponent(formBody(["expand"])(body))).toBe(
    "parameters[from]=1&parameters[columns][0]=a&parameters[columns][1]=b&expand[0]=x",
  );
});

it("is empty for no body", () => {
  expect(formBody()(undefined)).toBe("");
  expect(formBody()({})).toBe("");
});
