/** A file of data as an address; Vite puts it beside the page. */
declare module '*.json?url' {
  const url: string;
  export default url;
}
