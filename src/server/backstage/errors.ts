import { defineErrors } from '../../base/errors.ts';

/** Refusals of the compatible catalog API, in the words that its clients know. */
export const compatibleError = defineErrors({
  QUERY_VALUE_EMPTY: { status: 400, message: "Empty value found for query parameter '{name}'" },
  QUERY_LIMIT_INVALID: { status: 400, message: 'Invalid limit, must be greater than zero' },
  QUERY_ORDER_INVALID: {
    status: 400,
    message: 'Invalid order parameter "{order}", expected "<asc or desc>:<field name>"',
  },
  QUERY_ORDER_TOO_WIDE: {
    status: 400,
    message: 'More than one order over {total} entities; at most {most} can be sorted so, narrow them with filter',
  },
  QUERY_ORDER_FIELD_INVALID: { status: 400, message: 'Invalid order field order, must be asc or desc' },
  QUERY_AFTER_INVALID: { status: 400, message: 'Malformed after cursor, could not be parsed' },
  QUERY_CURSOR_INVALID: { status: 400, message: 'Malformed cursor, could not be parsed' },
  FACETS_MISSING: { status: 400, message: 'Missing or empty facets parameter' },
  ENTITY_NAME_UNKNOWN: {
    status: 404,
    message: "No entity named '{name}' found, with kind '{kind}' in namespace '{namespace}'",
  },
  ENTITY_UID_UNKNOWN: { status: 404, message: 'No entity with uid {uid}' },
  ENTITY_REF_UNKNOWN: { status: 404, message: 'No such entity {ref}' },
  ENTITY_NOT_REFRESHED: { status: 404, message: 'Entity {ref} not found' },
  ENTITY_IS_REGISTRATION: {
    status: 403,
    message: '{ref} is a registered location; take it back with DELETE /locations/{uid}',
  },
  LOCATION_ID_UNKNOWN: { status: 404, message: 'Found no location with ID {id}' },
  LOCATION_OF_ENTITY_UNKNOWN: {
    status: 404,
    message: 'Found no registered location that {ref} comes from; it comes from {origin}',
  },
  LOCATION_NOT_URL: { status: 400, message: 'Registered locations must be of an allowed type ["url"]' },
  LOCATION_NOT_READABLE: { status: 400, message: '{problems}' },
  LOCATION_FIELD_UNKNOWN: {
    status: 400,
    message: 'Unknown field "{field}"; locations can be queried by id, type, target and entityRef',
  },
  LOCATION_CURSOR_INVALID: { status: 400, message: 'Malformed cursor, could not be parsed' },
  CREDENTIALS_MISSING: { status: 401, message: 'Missing credentials' },
  TOKEN_MISSING: { status: 401, message: 'No token provided' },
  SESSION_MISSING: { status: 401, message: 'Refresh failed; caused by InputError: Missing session cookie' },
  REQUEST_NOT_BY_SCRIPT: { status: 401, message: 'Invalid X-Requested-With header' },
  PROVIDER_UNKNOWN: { status: 404, message: "Unknown auth provider '{provider}'" },
  GUESTS_NOT_LET_IN: {
    status: 403,
    message: 'Guests are not let in here. Sign in, or let them in with the setting guests.',
  },
  USER_INFO_OF_SERVICE: {
    status: 400,
    message: 'Userinfo endpoint must be called with a token that represents a user principal',
  },
  SERVICE_HAS_NO_COOKIE: { status: 403, message: "This endpoint does not allow 'service' credentials" },
  RESOURCE_REF_MISSING: {
    status: 400,
    message:
      'Resource permissions require a resourceRef to be set. Direct user requests without a resourceRef are not allowed.',
  },
  RESOURCE_REF_MISPLACED: { status: 400, message: 'Permission {name} is of no resource: it takes no resourceRef' },
  RESOURCE_TYPE_UNKNOWN: { status: 400, message: 'Unexpected resource types: {type}.' },
  CONDITIONS_BY_SERVICE_ONLY: { status: 403, message: "This endpoint does not allow 'user' credentials" },
  CONDITION_MALFORMED: {
    status: 400,
    message: 'A condition is a rule with resourceType, or allOf, anyOf or not of conditions',
  },
  CONDITION_RULE_UNKNOWN: {
    status: 400,
    message: "Permission rule '{rule}' does not exist for resource type '{type}'",
  },
  CONDITION_PARAMS_INVALID: { status: 400, message: 'Parameters to rule are invalid: {rule}' },
  KUBERNETES_ENTITY_MISSING: { status: 400, message: 'entity is a required field' },
  KUBERNETES_ENTITY_HIDDEN: { status: 403, message: 'Entity not found, {ref}' },
  KUBERNETES_REF_NOT_TEXT: { status: 400, message: 'entity query must be a string' },
  KUBERNETES_REF_INVALID: { status: 400, message: 'Invalid entity ref, {ref}' },
  KUBERNETES_REF_UNKNOWN: { status: 400, message: 'Entity ref missing, {ref}' },
  KUBERNETES_CUSTOM_MISSING: { status: 400, message: 'customResources is a required field' },
  KUBERNETES_CUSTOM_NOT_LIST: { status: 400, message: 'customResources must be an array' },
  KUBERNETES_CUSTOM_EMPTY: { status: 400, message: 'at least 1 customResource is required' },
  KUBERNETES_CUSTOM_INVALID: {
    status: 400,
    message: 'customResources are at most {most} of group, apiVersion and plural, as they stand in paths of the API',
  },
  KUBERNETES_CLUSTER_UNNAMED: {
    status: 404,
    message: 'The header Backstage-Kubernetes-Cluster must name one of the {clusters} clusters',
  },
  KUBERNETES_CLUSTER_UNKNOWN: { status: 404, message: "Cluster '{cluster}' not found" },
  KUBERNETES_CREDENTIALS_MANY: {
    status: 400,
    message: 'One header Backstage-Kubernetes-Authorization can be sent, not several',
  },
  KUBERNETES_PROXY_PATH: {
    status: 400,
    message: 'This is no path of the Kubernetes API that is passed on: {problem}',
  },
  KUBERNETES_PROXY_SHELL: {
    status: 501,
    message: 'Callboard opens no shells, port forwards or proxies into clusters: use kubectl {verb}',
  },
  KUBERNETES_PROXY_PROTECTED: {
    status: 403,
    message: "Cluster '{cluster}' is protected: change it on its pages in Callboard, where that is confirmed",
  },
  KUBERNETES_PROXY_TAKEN: {
    status: 429,
    message: '{principal} has as many requests to clusters open as one may have ({limit})',
  },
  KUBERNETES_PROXY_FAILED: { status: 500, message: "Cluster '{cluster}' request error; caused by {reason}" },
  TARGET_NOT_URL: { status: 400, message: 'The given location.target is not a URL' },
});
