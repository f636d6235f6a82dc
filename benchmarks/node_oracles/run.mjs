// One process of an oracle: `node run.mjs MODE LIST`, in the folder that is compared on.
// MODE is tsconfig (writes it), typed (both promise rules) or sync (n/no-sync).
import fs from "node:fs";
import path from "node:path";
const [mode, list] = process.argv.slice(2);
const cwd = process.cwd();
const files = JSON.parse(fs.readFileSync(list, "utf8"));
if (mode === "tsconfig") {
  const { default: ts } = await import("typescript");
  const own = path.join(cwd, "tsconfig.own.json");
  let from = {};
  if (fs.existsSync(own)) {
    const raw = ts.readConfigFile(own, ts.sys.readFile).config ?? {};
    from = ts.parseJsonConfigFileContent(raw, ts.sys, cwd).options;
  }
  const base = from.baseUrl ?? from.pathsBasePath ?? cwd;
  const local = (p) => "./" + path.posix.join(path.relative(cwd, base) || ".", p);
  const paths = {};
  for (const [key, targets] of Object.entries(from.paths ?? {})) paths[key] = targets.map(local);
  if (from.baseUrl) paths["*"] ??= [local("*")];
  const compilerOptions = {
    strict: true, noEmit: true, skipLibCheck: true, target: "es2022", module: "esnext",
    moduleResolution: "bundler", esModuleInterop: true, resolveJsonModule: true,
    allowImportingTsExtensions: true, jsx: "preserve", paths, types: ["node"],
    experimentalDecorators: from.experimentalDecorators ?? false,
    emitDecoratorMetadata: from.emitDecoratorMetadata ?? false,
    typeRoots: ["./node_modules/@types", path.join(import.meta.dirname, "node_modules/@types")],
  };
  if (from.lib) compilerOptions.lib = from.lib.map((l) => l.replace(/^lib\.|\.d\.ts$/g, ""));
  fs.writeFileSync("tsconfig.json", JSON.stringify({ compilerOptions, files, include: [] }));
} else {
  const { ESLint } = await import("eslint");
  const { default: tseslint } = await import("typescript-eslint");
  const typed = mode === "typed";
  const plugins = { "@typescript-eslint": tseslint.plugin };
  if (!typed) plugins.n = (await import("eslint-plugin-n")).default;
  const rules = typed
    ? { "@typescript-eslint/no-floating-promises": 2, "@typescript-eslint/no-misused-promises": 2 }
    : { "n/no-sync": 2 };
  // n/no-sync takes a parser's services for type information; without them it goes by names.
  const plain = (...given) => ({ ...tseslint.parser.parseForESLint(...given), services: {} });
  const parser = typed ? tseslint.parser : { meta: { name: "plain" }, parseForESLint: plain };
  const parserOptions = typed ? { project: ["./tsconfig.json"], tsconfigRootDir: cwd } : {};
  const eslint = new ESLint({
    cwd, overrideConfigFile: true, allowInlineConfig: false, warnIgnored: false,
    overrideConfig: [{ files: ["**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}"], plugins, rules,
      languageOptions: { parser, parserOptions } }],
  });
  const found = [];
  for (const result of await eslint.lintFiles(files))
    for (const m of result.messages)
      found.push([m.ruleId ?? m.message, path.relative(cwd, result.filePath), m.line ?? 0]);
  console.log(JSON.stringify(found));
}
