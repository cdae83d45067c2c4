/**
 * Loaded before every tool (`node --import`): one line, not a stack, on a Node.js that cannot run TypeScript itself.
 * Plain JavaScript of any age, because it is read by the Node.js it refuses.
 */
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Tokenwright's scripts need Node.js 22.18 or later, and this is ${process.versions.node}. The workspace brings its own, as the optional dependency \`node\`: install it with \`npx -y pnpm install\`, and start scripts with \`npx -y pnpm …\`.`,
  );
  process.exit(1);
}
