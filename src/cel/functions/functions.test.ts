import { expect, test } from 'vitest';
import { compiled, outcomeOf, subjectOf } from '../../../test/support/expressions.ts';
import { LIBRARY } from '../library.ts';
import { parametersOf } from '../overload.ts';

/** Each line is an expression that is true, by topic. */
const TRUE: Readonly<Record<string, readonly string[]>> = {
  text: [
    '"Ärger".size() == 5 && size("\u{1F600}") == 1',
    '"abc".startsWith("ab") && "abc".endsWith("bc") && "abc".contains("b")',
    '"HeLLo ÄÖ".lowerAscii() == "hello ÄÖ"',
    '"hello ä".upperAscii() == "HELLO ä"',
    '" \\t a b \\u00a0".trim() == "a b"',
    '"\\ufeffa".trim() == "\\ufeffa"',
    '"a\u{1F600}b".charAt(1) == "\u{1F600}" && "ab".charAt(2) == ""',
    '"a\u{1F600}b".indexOf("b") == 2 && "ab".indexOf("c") == -1 && "abab".indexOf("a", 1) == 2',
    '"abab".lastIndexOf("a") == 2 && "abab".lastIndexOf("a", 1) == 0',
    '"a\u{1F600}bc".substring(1, 3) == "\u{1F600}b" && "abc".substring(1) == "bc"',
    '"aXbXc".replace("X", "-") == "a-b-c" && "aXbXc".replace("X", "-", 1) == "a-bXc"',
    '"ab".replace("", "_") == "_a_b_" && "ab".replace("", "_", 2) == "_a_b"',
    '"a,b,c".split(",") == ["a", "b", "c"] && "a,b,c".split(",", 2) == ["a", "b,c"]',
    '"ab".split("") == ["a", "b"] && "a".split(",", 0) == []',
    '["a", "b"].join("-") == "a-b" && ["a", "b"].join() == "ab"',
    '"abc".reverse() == "cba"',
    'strings.quote("a\\"\\n") == "\\"a\\\\\\"\\\\n\\""',
    '"%s is %d, %.1f, %x, %%".format(["a", 3, 2.25, 255]) == "a is 3, 2.3, ff, %"',
    '"%s".format([[1, "a", {"k": null}]]) == "[1, a, {k: null}]"',
    '"%e %b %o %X".format([1234.5, 5, 8, "hi"]) == "1.234500e+03 101 10 6869"',
  ],
  regex: [
    '"service-1".matches("^[a-z]+-\\\\d$") && matches("abc", "b")',
    '"a1b22".find("[0-9]+") == "1" && "abc".find("[0-9]+") == ""',
    '"a1b22".findAll("[0-9]+") == ["1", "22"] && "a1b22".findAll("[0-9]+", 1) == ["1"]',
    '"ab".findAll("x*") == ["", "", ""]',
    '"a1".findAll("[0-9]", 0) == []',
  ],
  lists: [
    'size([1, 2]) == 2 && [1].size() == 1 && {"a": 1}.size() == 1 && size({}) == 0',
    '[1, 2.0, 2].isSorted() && ![2, 1].isSorted() && ["a", "b"].isSorted() && [].isSorted()',
    '[1, 2, 3].sum() == 6 && [1, 0.5].sum() == 1.5 && [].sum() == 0',
    '[duration("1m"), duration("30s")].sum() == duration("90s")',
    '[3, 1.5, 2].min() == 1.5 && ["b", "a"].max() == "b"',
    '[1, 2, 1].indexOf(1) == 0 && [1, 2, 1].lastIndexOf(1) == 2 && [1].indexOf("1") == -1',
    '[1, 2].includes(2.0) && ![1].includes("1")',
    '[1, 1.0, "a", "a"].distinct() == [1, "a"]',
    '[1, 2].reverse() == [2, 1] && [2, 3, 1].sort() == [1, 2, 3] && [1, 2, 3].slice(1, 3) == [2, 3]',
    '[[1], 2, [[3]]].flatten() == [1, 2, [3]]',
    'sets.contains([1, 2], [2.0]) && sets.equivalent([1, 2, 1], [2, 1]) && sets.intersects([1], [2, 1])',
    '!sets.contains([1], [2]) && !sets.intersects([1], [])',
    '[1, 2] + [3] == [1, 2, 3] && "a" + "b" == "ab"',
  ],
  macros: [
    '[1, 2, 3].map(x, x > 1, x * 10) == [20, 30]',
    '[[1, 2], [3]].map(x, x.map(y, y + 1)) == [[2, 3], [4]]',
    '{"a": 1, "b": 2}.all(k, v, v < 3 && k < "c") && {"a": 1}.exists(k, v, k == "a" && v == 1)',
    '["a", "b"].exists(i, v, i == 1 && v == "b") && [1, 1].existsOne(i, v, i == 0)',
    '{"a": 1}.exists(k, k == "a") && {"a": 1}.map(k, k) == ["a"] && {"a": 1}.filter(k, true) == ["a"]',
    '[1, 2].transformList(i, v, i + v) == [1, 3] && [1, 2].transformList(i, v, i > 0, v) == [2]',
    '{"a": 1, "b": 2}.transformMap(k, v, v > 1, v * 2) == {"b": 4}',
    'cel.bind(x, 2, x * x) == 4 && cel.bind(x, 1, cel.bind(y, x + 1, x + y)) == 3',
    '[1].exists(x, [2].exists(x, x == 2) && x == 1)',
  ],
  conversions: [
    'type(1) == int && type(1.0) == double && type("") == string && type(null) == null_type && type(true) == bool',
    'type([]) == list && type({}) == map && type(int) == type',
    'type(timestamp("2024-01-01T00:00:00Z")) == google.protobuf.Timestamp',
    'type(duration("1s")) == google.protobuf.Duration && type(optional.none()) == optional_type',
    'int(2.9) == 2 && int(-2.9) == -2 && int("12") == 12 && int(timestamp("1970-01-01T00:00:01.9Z")) == 1',
    'double("1.5e1") == 15.0 && double(3) == 3.0 && double("-inf") < 0 && double("NaN") != double("NaN")',
    'string(1) == "1" && string(1.5) == "1.5" && string(true) == "true"',
    'string(duration("90m")) == "5400s" && string(timestamp("2024-01-01T02:00:00.5+02:00")) == "2024-01-01T00:00:00.5Z"',
    'bool("true") && !bool("0") && dyn(null) == null',
    '1 / 2 == 0 && -7 / 2 == -3 && -7 % 2 == -1 && 1.0 / 2 == 0.5 && 3 * 2.5 == 7.5',
    '1.0 / 0.0 > 1e300 && -(3) == 0 - 3 && -(2.5) == -2.5',
    '0x1F == 31 && 1e3 == 1000 && 10 == 10.0',
    '{1: "a"}[1.0] == "a" && {true: "b"}[true] == "b" && {"a": null}.a == null && {"a": null}["a"] == null',
  ],
  time: [
    'timestamp("2024-02-29T12:30:45.123Z").getMonth() == 1',
    'timestamp("2024-02-29T12:30:45.123Z").getDate() == 29 && timestamp("2024-02-29T12:30:45Z").getDayOfMonth() == 28',
    'timestamp("2024-03-01T00:00:00Z").getDayOfYear() == 60 && timestamp("2024-03-01T00:00:00Z").getDayOfWeek() == 5',
    'timestamp("2024-02-29T12:30:45.123456789Z").getMilliseconds() == 123',
    'timestamp("2024-07-01T22:30:00Z").getHours("Europe/Berlin") == 0 && timestamp("2024-07-01T22:30:00Z").getDate("Europe/Berlin") == 2',
    'timestamp("2024-07-01T22:30:00Z").getHours("-02:30") == 20 && timestamp("2024-07-01T22:30:00Z").getFullYear("+02:00") == 2024',
    'timestamp("2024-01-01T00:00:00Z") + duration("1h") == timestamp("2024-01-01T01:00:00Z")',
    'duration("1h") + timestamp("2024-01-01T00:00:00Z") > timestamp("2024-01-01T00:59:59.999999999Z")',
    'timestamp("2024-01-02T00:00:00Z") - timestamp("2024-01-01T00:00:00Z") == duration("24h")',
    'timestamp("2024-01-01T01:00:00Z") - duration("1h") == timestamp("2024-01-01T00:00:00Z")',
    'duration("1h30m").getMinutes() == 90 && duration("-1.5s").getMilliseconds() == -1500 && duration("90m").getHours() == 1',
    'duration("1us") < duration("1ms") && duration("0") == duration("0s") && duration("90s").getSeconds() == 90',
    'duration("1h") - duration("1m") == duration("59m") && timestamp(0) == timestamp("1970-01-01T00:00:00Z")',
  ],
  kubernetes: [
    'quantity("1Gi").isGreaterThan(quantity("1G")) && quantity("100m").isLessThan(quantity("0.2"))',
    'quantity("1500m").compareTo(quantity("1.5")) == 0 && quantity("1500m") == quantity("1.5")',
    'quantity("2k").asInteger() == 2000 && quantity("2Ki").isInteger() && !quantity("1m").isInteger()',
    'quantity("1.5").asApproximateFloat() == 1.5 && quantity("-1").sign() == -1 && quantity("0").sign() == 0',
    'quantity("1").add(quantity("500m")) == quantity("1.5") && quantity("1").sub(2) == quantity("-1")',
    'quantity("1").add(1).sub(quantity("1")) == quantity("1e0") && quantity("1E") == quantity("1e18")',
    'isQuantity("1Mi") && !isQuantity("1mi") && !isQuantity("") && !isQuantity(".") && !isQuantity("1e999")',
    'string(quantity("1500m")) == "1.5" && string(quantity("-5m")) == "-0.005" && string(quantity("2Ki")) == "2048"',
    'semver("1.2.3").isLessThan(semver("1.10.0")) && semver("1.0.0-rc.1").isLessThan(semver("1.0.0"))',
    'semver("1.0.0-alpha.1").compareTo(semver("1.0.0-alpha.beta")) < 0 && semver("1.0.0-2").isLessThan(semver("1.0.0-10"))',
    'semver("1.0.0-a").isLessThan(semver("1.0.0-a.1")) && semver("1.0.0+b1") == semver("1.0.0+b2")',
    'semver("v1.2", true).minor() == 2 && semver("01.2.3", true).major() == 1 && semver("1.2.3").patch() == 3',
    'semver("2.0.0").isGreaterThan(semver("1.9.9")) && string(semver("1.2.3-rc.1")) == "1.2.3-rc.1"',
    'isSemver("1.2.3") && !isSemver("v1.2.3") && isSemver("v1", true) && !isSemver("1.2.3-01") && !isSemver("x", true)',
  ],
  network: [
    'ip("10.0.0.1").family() == 4 && ip("::1").family() == 6 && isIP("fe80::1") && !isIP("1.2.3") && !isIP("::ffff:1.2.3.4")',
    'ip("127.0.0.1").isLoopback() && ip("::").isUnspecified() && ip("224.0.0.1").isLinkLocalMulticast()',
    'ip("169.254.1.1").isLinkLocalUnicast() && ip("8.8.8.8").isGlobalUnicast() && !ip("::1").isGlobalUnicast()',
    'ip.isCanonical("2001:db8::1") && !ip.isCanonical("2001:DB8:0::1") && ip("2001:db8::1") == ip("2001:DB8:0:0::1")',
    'string(ip("1:0:0:2:0:0:0:3")) == "1:0:0:2::3" && string(ip("::ff")) == "::ff" && string(ip("1::")) == "1::"',
    'cidr("10.0.0.0/8").containsIP("10.2.3.4") && !cidr("10.0.0.0/8").containsIP(ip("11.0.0.1"))',
    'cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16") && !cidr("10.1.0.0/16").containsCIDR(cidr("10.0.0.0/8"))',
    'cidr("10.1.2.3/8").masked() == cidr("10.0.0.0/8") && cidr("10.1.2.3/8").ip() == ip("10.1.2.3")',
    'cidr("2001:db8::/32").prefixLength() == 32 && isCIDR("::/0") && !isCIDR("10.0.0.0/33") && !isCIDR("10.0.0.0")',
    'string(cidr("10.0.0.0/8")) == "10.0.0.0/8" && !cidr("10.0.0.0/8").containsIP("::1")',
    'url("https://user@host.example:8443/a%20b?x=1&x=2&y=").getHost() == "host.example:8443"',
    'url("https://host.example/a%20b").getEscapedPath() == "/a%20b" && url("https://host.example").getScheme() == "https"',
    'url("https://[::1]:80/").getHostname() == "::1" && url("https://host.example:8443/").getPort() == "8443"',
    'url("https://h.example/?x=1&x=2&y=").getQuery() == {"x": ["1", "2"], "y": [""]}',
    'url("/path?a=b").getScheme() == "" && url("/path").getHost() == "" && url("/path").getHostname() == "" && url("/p").getPort() == ""',
    'isURL("/a") && isURL("https://a.example") && !isURL("a/b") && !isURL("//a") && !isURL("https://")',
    'url("https://a.example") == url("https://A.example/") && string(url("/a")) == "/a"',
  ],
};

test.each(Object.entries(TRUE))('%s', (_, sources) => {
  // `spec.on` keeps each from being folded, so that both ways are tried.
  const subject = subjectOf({ spec: { on: true } });
  const wrong = sources.filter(
    (source) => outcomeOf(source) !== true || outcomeOf(`spec.on ? (${source}) : false`, subject) !== true,
  );
  expect(wrong).toEqual([]);
});

test('what has no answer is unknown', () => {
  const sources = [
    '"a".charAt(-1) == ""',
    '"abc".substring(2, 1) == ""',
    '"abc".substring(0, 4) == ""',
    '"abc".indexOf("a", 9) == 0',
    '"abc".lastIndexOf("a", -1) == 0',
    '["a", 1].join() == "a"',
    '"%d".format(["a"]) == "a"',
    '"%s %s".format([1]) == "1"',
    '"%q".format([1]) == "1"',
    '"%".format([1]) == "1"',
    '"%.999f".format([1]) == "1"',
    '[1, "a"].isSorted()',
    '[1, "a"].sort() == []',
    '[1, "a"].max() == 1',
    '[].min() == 1',
    '["a"].sum() == ""',
    '[1].slice(0, 2) == []',
    'int("1.5") == 1',
    'int(1e300) == 1',
    'double("1,5") == 1.5',
    'bool("yes")',
    '9007199254740991 + 1 > 0',
    '9007199254740991 * 2 > 0',
    '1 % 0 == 1',
    'timestamp("2024-02-30T00:00:00Z") == timestamp(0)',
    'timestamp("2024-01-01") == timestamp(0)',
    'timestamp("2024-01-01T25:00:00Z") == timestamp(0)',
    'timestamp("2024-01-01T00:00:60Z") == timestamp(0)',
    'timestamp(0).getHours("Nowhere/Land") == 0',
    'timestamp("9999-12-31T23:59:59Z") + duration("24h") > timestamp(0)',
    'duration("1d") == duration("24h")',
    'duration("") == duration("0")',
    'quantity("1ZB") == quantity("1")',
    'quantity("1m").asInteger() == 0',
    'semver("1.2") == semver("1.2.0")',
    'ip("300.1.1.1").family() == 4',
    'ip.isCanonical("x")',
    'cidr("10.0.0.0/8").containsIP("x")',
    'cidr("10.0.0.0/8").containsCIDR("x")',
    'cidr("x").prefixLength() == 1',
    'url("a b").getHost() == ""',
    '{[1]: 2} == {}',
    '{1.5: 2} == {}',
    '[1, 2][0.5] == 1',
    '[1][-1] == 1',
    '"abc".matches(kind == "x" ? "b" : "(")',
    '"abc".find(kind == "x" ? "b" : "(") == ""',
    'dyn("a") + 1 == 1',
    '-dyn("a") == 1',
    '!dyn("a")',
    'dyn(1).all(x, true)',
  ];
  expect(sources.filter((source) => outcomeOf(source) !== 'unknown')).toEqual([]);
});

test('each form of each function is called somewhere in these tests', () => {
  const text = Object.values(TRUE).flat().join('\n');
  const unused = LIBRARY.flatMap(([, overloads]) => overloads)
    .map(({ name }) => name)
    .filter((name) => !text.includes(`${name}(`));
  expect(unused).toEqual([]);
});

test('no two forms of a function take the same', () => {
  const forms = LIBRARY.flatMap(([, overloads]) => overloads).map(
    (overload) => `${overload.on ?? ''}.${overload.name}(${parametersOf(overload).join()})`,
  );
  expect(new Set(forms).size).toBe(forms.length);
});

test('an equal number is one value in sets and lists, whatever its type', () => {
  expect(
    compiled('spec.n in [3.0, 4]').evaluate(subjectOf({ spec: { n: 3 } }), {
      principal: { ref: '', claims: new Set() },
    }),
  ).toBe(true);
});
