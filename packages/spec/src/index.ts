export {
  type Action,
  type Arazzo,
  addressOf,
  type CreateSafety,
  furtherStepOf,
  isGzipAtAddress,
  type NextPage,
  oneStepOf,
  type PartNumber,
  pollOf,
  type Step,
  type StepParameter,
  stateOf,
  type Workflow,
} from "./arazzo/arazzo.js";
export { credentialInputs } from "./arazzo/credential-inputs.js";
export { expressionsSent } from "./arazzo/expressions-sent.js";
export { isLinkStep, LINK_OPERATION, linkOperation, withLinks } from "./arazzo/link.js";
export {
  type Comparison,
  type Condition,
  ConditionError,
  comparisonsOf,
  isOrder,
  type Literal,
  type Operand,
  type Operator,
  parseCondition,
  printCondition,
} from "./condition/condition.js";
export {
  type Criterion,
  type ParsedCriterion,
  parseCriterion,
  readingsOf,
  wordsOf,
} from "./condition/criterion.js";
export { meetsAll, type ReplyView, readReply, textOf } from "./condition/evaluate.js";
export {
  type Expression,
  expressionsOf,
  isReading,
  parseExpression,
  parseReading,
  parseValue,
  printExpression,
  type Reading,
  type Value,
} from "./condition/expression.js";
export type {
  JsonSchema,
  Manifest,
  ManifestCredential,
  ManifestOperation,
  ManifestOption,
  ManifestParameter,
  ManifestWorkflow,
} from "./manifest/manifest.js";
export { type BodyFormat, bodyFormat, mediaTypeOf } from "./openapi/body-format.js";
export { childSchemas } from "./openapi/child-schemas.js";
export { type FieldRule, fieldRules } from "./openapi/field-rules.js";
export { filesOf } from "./openapi/files-of.js";
export { isGzipType } from "./openapi/gzip-type.js";
export { type OAuth2, readOAuth2 } from "./openapi/oauth2.js";
export {
  type Content,
  type DocsLink,
  follow,
  type MediaType,
  type OAuthFlow,
  type OpenApi,
  type Parameter,
  type RawOperation,
  type Schema,
  type SecurityScheme,
  type Server,
  type ServerVariable,
} from "./openapi/openapi.js";
export {
  type Body,
  type Example,
  type LocatedParameter,
  type Operation,
  type Reply,
  readOperations,
} from "./openapi/operations.js";
export { parseRateLimit, type Quota } from "./openapi/rate-limit.js";
export { bodiesRead, jsonBodies, type ReplyBody } from "./openapi/reply-body.js";
export { type RequestFields, requestFields } from "./openapi/request-fields.js";
export { type Reached, reach } from "./openapi/schema-reach.js";
export {
  mapLeaves,
  type Path,
  type Pointer,
  parsePointer,
  printPointer,
  refPath,
  replaceAt,
  valueAt,
} from "./pointer/json-pointer.js";
