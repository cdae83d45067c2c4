/** CommonJS on a runtime that can require ES modules (20.19, 22.12 and later): every entry point, by `require`. */
for (const specifier of process.argv.slice(2)) {
  if (Object.keys(require(specifier)).length === 0) throw new Error(`${specifier} exports nothing`);
}
console.log(`require: ${process.argv.length - 2} entry points`);
