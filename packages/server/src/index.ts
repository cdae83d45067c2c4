/** `@tokenwright/server`: a Koa host for token services. */
export type { ByteSize } from './byte-size.js';
export { CertificateError, type CertificateErrorCode } from './certificates/certificate-error.js';
export { defaultFolder as developmentCertificateFolder } from './certificates/certificate-folder.js';
export {
  type DevelopmentCertificate,
  developmentCertificate,
  type SelfSignedOptions,
} from './certificates/development-certificate.js';
export type { TlsChoice } from './certificates/tls-choice.js';
export type { CloseHook } from './close-hooks.js';
export type { Duration } from './duration.js';
export type { KeySetSource } from './key-set.js';
export type { ClientCertificateOptions } from './listeners/client-certificates.js';
export { ListenError, type ListenErrorCode } from './listeners/listen-error.js';
export type { ListenerOptions, PortListenerOptions, SocketListenerOptions } from './listeners/listener.js';
export { localPath } from './local-redirect.js';
export { createLogger, type LoggerChoice } from './logger.js';
export type { AuditEntry } from './observability/audit.js';
export type { MetricsOptions } from './observability/metrics-endpoint.js';
export type { OpenApiDocument, OpenApiInfo } from './openapi/document.js';
export type { OpenApiOptions } from './openapi/endpoint.js';
export type { CorsOptions } from './requests/cross-origin.js';
export type { RefusalCode } from './requests/refusals.js';
export type { HeaderOptions } from './requests/security-headers.js';
export type { InputError } from './routes/input-errors.js';
export type {
  AccessOptions,
  BodyType,
  DocumentationOptions,
  GroupOptions,
  InputOptions,
  RequestState,
  RouteBody,
  RouteHandler,
  RouteInput,
  RouteMethod,
  RouteOptions,
  RouteOptionsIn,
  RouteState,
  Within,
} from './routes/route.js';
export type { RouteGroup } from './routes/route-group.js';
export type { HandlerIn, RouteVerbs } from './routes/route-verbs.js';
export type { JsonSchema, StandardSchema } from './routes/standard-schema.js';
export type { RunningServer, StartOptions } from './running-server.js';
export type { RuntimeOptions } from './runtime.js';
export type { SecurityOptions } from './security.js';
export type { NodeHandler, Server } from './server.js';
export { createServer, type ServerBuilder } from './server-builder.js';
export type {
  TestClient,
  TestJson,
  TestRequest,
  TestRequestOptions,
  TestResponse,
} from './testing/test-client.js';
export type {
  ClientAuthenticationMethod,
  ClientOptions,
  Clients,
  GrantType,
} from './token-endpoints/clients.js';
export type { OAuthErrorCode } from './token-endpoints/oauth-error.js';
export { type ResourceMetadataOptions, resourceMetadata } from './token-endpoints/resource-metadata.js';
export type {
  AccessTokenBuilder,
  AccessTokenClaims,
  AccessTokenVerifier,
  RefreshableSession,
  TokenSessions,
} from './token-endpoints/seams.js';
export { type TokenEndpointsOptions, tokenEndpoints } from './token-endpoints/token-endpoints.js';
export { type Issued, type TokenResponseBody, tokenResponse } from './token-response.js';
