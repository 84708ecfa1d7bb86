import { expect, it } from "vitest";
import { fillTemplate, saveTarget } from "./target.js";

const facts = {
  vendor: "acme",
  workflow: "exportOrders",
  startedAt: new Date(2026, 10, 3, 4, 5, 6),
  cwd: "/home/me",
};
const named = (template: string, id = "a/b 1") => {
  const { to, filename } = saveTarget(fillTemplate(template, facts), id);
  const names = {
    suggested: "orders.csv",
    fromHeader: undefined,
    fromUrl: undefined,
    contentType: undefined,
  };
  return typeof filename === "function" ? [to, filename(names)] : [to];
};

it.each([
  ["./", ["/home/me/"]],
  [".", ["/home/me/"]],
  ["exports/", ["/home/me/exports/"]],
  ["exports", ["/home/me/exports"]],
  ["/data/{vendor}/{workflow}/", ["/data/acme/exportOrders/"]],
  ["{date}T{time}.csv", ["/home/me/2026-11-03T040506.csv"]],
  ["{date}/{id}.csv", ["/home/me/2026-11-03/a_b_1.csv"]],
  ["x/{date}-{filename}", ["/home/me/x/", "2026-11-03-orders.csv"]],
  ["{filename}.{id}", ["/home/me/", "orders.csv.a_b_1"]],
])("%s", (template, target) => {
  expect(named(template)).toEqual(target);
});

it.each(["{nope}", "{filename}/x", " "])("%s is refused", (template) => {
  expect(() => fillTemplate(template, facts)).toThrow(/--output/);
});
