"""archlint's Node.js rules beside typed ESLint, eslint-plugin-n and oxlint."""
