/** An HTML file with its style and its script in it; the build makes it. */
declare module "*.html" {
  const text: string;
  export default text;
}
