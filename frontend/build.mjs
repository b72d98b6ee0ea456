// Builds the cards into custom_components/amps/frontend/, or into the folder that is given. The same sources always
// give the same bytes: scripts/test compares them with what is committed.
import { build } from "esbuild";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";

const root = new URL(".", import.meta.url).pathname;
const folder = resolve(process.argv[2] ?? join(root, "../custom_components/amps/frontend"));

/** Takes the indentation out of the templates, which esbuild leaves as they are; a line break is space enough. */
const dedent = {
  name: "dedent",
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/\n\s+/g, "\n"),
      loader: "ts",
    }));
  },
};

await mkdir(folder, { recursive: true });
for (const file of await readdir(folder)) if (file.startsWith("amps-cards")) await rm(join(folder, file));
await build({
  absWorkingDir: root,
  entryPoints: { "amps-cards": "src/amps-cards.ts" },
  outdir: folder,
  chunkNames: "amps-cards.[name].[hash]",
  bundle: true,
  splitting: true, // each language is a module of its own, loaded for who speaks it
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  plugins: [dedent],
  legalComments: "eof", // the licence of Lit asks for its notice
});
