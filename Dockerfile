# The tutorial in a container: docker build -t tokenwright-tutorial .
# It listens beyond loopback there, so it asks for a key and a password of your own:
#   docker run --rm -p 5000:5000 -e TOKENWRIGHT_KEY="$(openssl rand -hex 32)" -e TOKENWRIGHT_PASSWORD=… tokenwright-tutorial
# Its certificate is self-signed and made at the first start; a volume at /data keeps it.
FROM node:24-slim AS build
WORKDIR /tokenwright
COPY . .
RUN npx -y pnpm install --frozen-lockfile \
 && npx -y pnpm build --filter=jwt-tutorial \
 && npx -y pnpm --filter jwt-tutorial deploy --legacy --prod /app

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=5000 TOKENWRIGHT_CERTIFICATES=/data/certificates
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["node", "-e", "require('node:https').get({ host: '127.0.0.1', port: process.env.PORT, path: '/healthz', rejectUnauthorized: false }, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["node", "dist/main.js"]
