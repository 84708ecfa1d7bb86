// The plug-ins of size-limit come without types.
declare module "@size-limit/esbuild" {
  const plugin: object[];
  export default plugin;
}
declare module "@size-limit/file" {
  const plugin: object[];
  export default plugin;
}
declare module "size-limit" {
  export default function sizeLimit(
    plugins: object[],
    files: string[] | object,
  ): Promise<{ size?: number }[]>;
}
