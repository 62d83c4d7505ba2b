import { globalFunction, method, type Overload } from '../overload.ts';
import { addQuantities, compareQuantities, parseQuantity, quantityNumber, toQuantity } from '../quantity.ts';
import { Unknown, type Quantity, type Result } from '../value.ts';
import { compareSemvers, parseSemver } from '../version.ts';

const NO_QUANTITY = new Unknown('the text is not a quantity such as 100m or 2Gi');
const NOT_INTEGER = new Unknown('the quantity is not an integer below 2^53');
const TOO_LARGE = new Unknown('the quantity is too large');
const NO_SEMVER = new Unknown('the text is not a semantic version');

/** Kubernetes' quantities and semantic versions. */
export const kubernetesFunctions: readonly Overload[] = [
  globalFunction(
    'quantity',
    { params: ['string'], result: 'quantity', doc: 'a quantity such as `100m` or `2Gi`' },
    (_, text) => parseQuantity(text) ?? NO_QUANTITY,
  ),
  globalFunction(
    'isQuantity',
    { params: ['string'], result: 'bool', doc: 'is a quantity' },
    (_, text) => parseQuantity(text) !== undefined,
  ),
  method('quantity', 'compareTo', { params: ['quantity'], result: 'int', doc: '-1, 0 or 1' }, (_, left, right) =>
    compareQuantities(left, right),
  ),
  method(
    'quantity',
    'isGreaterThan',
    { params: ['quantity'], result: 'bool', doc: 'is more' },
    (_, left, right) => compareQuantities(left, right) > 0,
  ),
  method(
    'quantity',
    'isLessThan',
    { params: ['quantity'], result: 'bool', doc: 'is less' },
    (_, left, right) => compareQuantities(left, right) < 0,
  ),
  method(
    'quantity',
    'sign',
    { params: [], result: 'int', doc: '-1, 0 or 1' },
    (_, value) => Number(value.digits > 0n) - Number(value.digits < 0n),
  ),
  method(
    'quantity',
    'isInteger',
    { params: [], result: 'bool', doc: 'is an integer below 2^53' },
    (_, value) => integerOf(value) !== undefined,
  ),
  method(
    'quantity',
    'asInteger',
    { params: [], result: 'int', doc: 'as an integer' },
    (_, value) => integerOf(value) ?? NOT_INTEGER,
  ),
  method('quantity', 'asApproximateFloat', { params: [], result: 'double', doc: 'the nearest double' }, (_, value) =>
    quantityNumber(value),
  ),
  method('quantity', 'add', { params: ['quantity'], result: 'quantity', doc: 'sum' }, (_, left, right) =>
    sum(left, right, 1),
  ),
  method('quantity', 'add', { params: ['int'], result: 'quantity', doc: 'sum' }, (_, left, right) =>
    sum(left, toQuantity(right), 1),
  ),
  method('quantity', 'sub', { params: ['quantity'], result: 'quantity', doc: 'difference' }, (_, left, right) =>
    sum(left, right, -1),
  ),
  method('quantity', 'sub', { params: ['int'], result: 'quantity', doc: 'difference' }, (_, left, right) =>
    sum(left, toQuantity(right), -1),
  ),

  globalFunction(
    'semver',
    { params: ['string'], result: 'semver', doc: 'a semantic version' },
    (_, text) => parseSemver(text) ?? NO_SEMVER,
  ),
  globalFunction(
    'semver',
    { params: ['string', 'bool'], result: 'semver', doc: 'with true also `v1.2`' },
    (_, text, isLoose) => parseSemver(text, isLoose) ?? NO_SEMVER,
  ),
  globalFunction(
    'isSemver',
    { params: ['string'], result: 'bool', doc: 'is a semantic version' },
    (_, text) => parseSemver(text) !== undefined,
  ),
  globalFunction(
    'isSemver',
    { params: ['string', 'bool'], result: 'bool', doc: 'with true also `v1.2`' },
    (_, text, isLoose) => parseSemver(text, isLoose) !== undefined,
  ),
  method('semver', 'compareTo', { params: ['semver'], result: 'int', doc: '-1, 0 or 1' }, (_, left, right) =>
    Math.sign(compareSemvers(left, right)),
  ),
  method(
    'semver',
    'isGreaterThan',
    { params: ['semver'], result: 'bool', doc: 'is newer' },
    (_, left, right) => compareSemvers(left, right) > 0,
  ),
  method(
    'semver',
    'isLessThan',
    { params: ['semver'], result: 'bool', doc: 'is older' },
    (_, left, right) => compareSemvers(left, right) < 0,
  ),
  method('semver', 'major', { params: [], result: 'int', doc: 'first number' }, (_, value) => value.major),
  method('semver', 'minor', { params: [], result: 'int', doc: 'second number' }, (_, value) => value.minor),
  method('semver', 'patch', { params: [], result: 'int', doc: 'third number' }, (_, value) => value.patch),
];

function integerOf(value: Quantity): number | undefined {
  const number = quantityNumber(value);
  return value.scale <= 0 && Number.isSafeInteger(number) ? number : undefined;
}

function sum(left: Quantity, right: Quantity, sign: 1 | -1): Result {
  return addQuantities(left, right, sign) ?? TOO_LARGE;
}
