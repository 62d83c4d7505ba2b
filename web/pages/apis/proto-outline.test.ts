import { expect, test } from 'vitest';
import type { ApiOutline } from './api-outline.ts';
import { readProto } from './proto-outline.ts';

function outlineOf(text: string): ApiOutline {
  const reading = readProto(text);
  if (reading.status !== 'read') throw new Error(JSON.stringify(reading));
  return reading.outline;
}

const file = `
syntax = "proto3";
package lantern.flies;
import public "google/protobuf/empty.proto";
option (custom).name = { a: [1, 2] b: "}" };

// Not a part of the service.

// Moves bars.
service Winches {
  option deprecated = false;
  // Moves one.
  // Slowly.
  rpc Move(.lantern.flies.Bar) returns (stream Bar.Position) {}
  rpc Stop(stream google.protobuf.Empty) returns (Bar) { option deprecated = true; } // At once.
}

message Bar {
  reserved 4, 8 to 10;
  string id = 1 [deprecated = true, (x) = { y: 1 }];
  map<string, Position> positions = 2; // By day.
  oneof load {
    uint32 kilos = 3;
  }
  repeated Bar below = 5;
  message Position { Motion motion = 1; enum Motion { STANDING = 0; MOVING = -1; } }
  extensions 100 to max;
}

extend google.protobuf.FieldOptions { string y = 50000; }
`;

test('services are groups, methods their operations, with the comments right above them', () => {
  const { format, title, facts, groups } = outlineOf(file);
  expect([format, title, facts[0]?.values]).toEqual(['gRPC, proto3', 'lantern.flies', ['google/protobuf/empty.proto']]);
  expect(groups.map((group) => [group.title, group.description, group.operations.map(({ id }) => id)])).toEqual([
    ['Winches', 'Moves bars.', ['Winches.Move', 'Winches.Stop']],
    ['Types', undefined, ['type Bar', 'type Bar.Position', 'type Bar.Position.Motion']],
  ]);
  expect(
    groups[0]?.operations.map(({ summary, description, isDeprecated }) => [summary, description, isDeprecated]),
  ).toEqual([
    ['Moves one.', 'Slowly.\n\nAnswers with a stream.', false],
    ['takes a stream', '', true],
  ]);
});

test('names mean the nearest type, lists and maps open, circles close', () => {
  const [move] = outlineOf(file).groups[0]?.operations ?? [];
  const [request, response] = move?.parts() ?? [];
  const bar = request?.fields[0]?.fields?.() ?? [];
  expect(bar.map(({ name, type, notes, description }) => [name, type, description, ...notes])).toEqual([
    ['id', 'string', undefined, '= 1'],
    ['positions', 'map<string, Position>', 'By day.', '= 2'],
    ['kilos', 'uint32', undefined, '= 3', 'one of load'],
    ['below', 'list of Bar', undefined, '= 5', 'as above'],
  ]);
  expect(bar[0]?.isDeprecated).toBe(true);
  const motion = bar[1]?.fields?.()[0]?.fields?.() ?? [];
  expect(motion.map(({ name, notes }) => [name, ...notes])).toEqual([
    ['STANDING', '= 0'],
    ['MOVING', '= -1'],
  ]);
  expect(response).toMatchObject({ detail: 'stream', fields: [{ type: 'Bar.Position' }] });
});

test('proto2 has labels and groups, editions their year', () => {
  const old = outlineOf('message A { required string a = 1; repeated group Part = 2 { optional int32 n = 3; } }');
  const [whole] = old.groups[0]?.operations[0]?.parts() ?? [];
  expect([old.format, whole?.fields.map(({ name, isRequired }) => [name, isRequired])]).toEqual([
    'gRPC, proto2',
    [
      ['a', true],
      ['Part', false],
      ['n', false],
    ],
  ]);
  expect(outlineOf('edition = "2023"; message message { string string = 1; }').format).toBe('gRPC, edition 2023');
});

test.each([
  ['message A {\n  string a\n}', 3],
  ['service A {\n  rpc B(C) gives (D);\n}', 2],
  ['message A {\n', 2],
  ['nonsense', 1],
  ['message A { string a = 1; } §', 1],
  ['/* never closed', 1],
])('a mistake has its line: %j', (text, line) => {
  expect(readProto(text)).toMatchObject({ status: 'failed', line });
});

test('messages in messages end somewhere', () => {
  expect(readProto('message A {'.repeat(10_000))).toMatchObject({ status: 'failed' });
  expect(readProto(`message A { ${'oneof a {'.repeat(10_000)}`)).toMatchObject({ status: 'failed' });
});
