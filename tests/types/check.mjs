// Judges one file of calls by the published schemas: what TypeScript says of the types, and the limits that the
// schemas' own comments state ("1-64 bytes", "Maximum length for this field is 255 characters").
//
//   node check.mjs CALLS.ts      a JSON object: {problems: [{line, text}], limits: how many values had a limit}
//
// One rule: no limit is written here; each is read from the comment of the very property that a call fills.

import ts from "typescript";

const RANGE = /\b(\d+)-(\d+) (characters|bytes)\b/;
const LENGTH = /aximum (?:length|size) (?:for (?:the )?`?(?:text`?)?(?: (?:in|within))? ?(?:this|each|the)? ?(?:field|item)? ?)?(?:is|of) `?(\d+)`? characters/;
const ITEMS = /aximum (?:number of (?:items|options|option groups) is|of|) ?(\d+) (?:\{@link \w+\} )?(?:objects|elements|items|options|blocks|cards|rows|columns|fields)\b|aximum number of (?:items|options|option groups) is (\d+)/;
const BLOCKS = /(?:maximum of|aximum of) (\d+) (?:blocks|elements|items|options)/;

const file = process.argv[2];
const program = ts.createProgram([file], {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ES2022,
});
const checker = program.getTypeChecker();
const source = program.getSourceFile(file);
const problems = [];
let limits = 0;

const say = (node, text) =>
  problems.push({ line: source.getLineAndCharacterOfPosition(node.getStart(source)).line, text });

for (const each of ts.getPreEmitDiagnostics(program)) {
  const line = each.file === source ? source.getLineAndCharacterOfPosition(each.start).line : -1;
  problems.push({ line, text: ts.flattenDiagnosticMessageText(each.messageText, " ") });
}

// of a union, the parts that this value is one of
function fitting(type, node) {
  const parts = type.isUnion() ? type.types : [type];
  const own = checker.getTypeAtLocation(node);
  const found = parts.filter((part) => checker.isTypeAssignableTo(own, part));
  return found.length ? found : parts;
}

const shown = (text, html) =>
  html ? text.replace(/<[^>]*>/g, "").replace(/&(?:lt|gt|amp|quot|#\d+);/g, "x") : text;

function judge(node, name, comment, value, html) {
  const text = comment.replace(/\s+/g, " ");
  const range = RANGE.exec(text);
  const most = LENGTH.exec(text);
  const items = ITEMS.exec(text) ?? BLOCKS.exec(text);
  if (Array.isArray(value)) {
    if (!items) return;
    limits += 1;
    const limit = Number(items[1] ?? items[2]);
    if (value.length > limit) say(node, `${name}: ${value.length} items, at most ${limit}`);
    return;
  }
  const written = typeof value === "object" && value !== null ? value.text : value;
  if (typeof written !== "string" || !(range || most)) return;
  limits += 1;
  const parsed = shown(written, html && /after entit/.test(text));
  const length = range?.[3] === "bytes" ? Buffer.byteLength(parsed) : [...parsed].length;
  const [least, limit] = range ? [Number(range[1]), Number(range[2])] : [0, Number(most[1])];
  if (length < least || length > limit) say(node, `${name}: ${length} long, ${least} to ${limit} allowed`);
}

function walk(node, type) {
  if (ts.isObjectLiteralExpression(node)) {
    const written = Object.fromEntries(
      node.properties.filter(ts.isPropertyAssignment).map((each) => [keyOf(each), valueOf(each.initializer)]),
    );
    for (const property of node.properties.filter(ts.isPropertyAssignment)) {
      const name = keyOf(property);
      const symbols = fitting(type, node).map((part) => checker.getPropertyOfType(part, name)).filter(Boolean);
      const [symbol] = symbols;
      if (!symbol) continue;
      const tags = symbol.getJsDocTags(checker).map((tag) => ts.displayPartsToString(tag.text));
      const comment = [ts.displayPartsToString(symbol.getDocumentationComment(checker)), ...tags].join(" ");
      judge(property, name, comment, written[name], written.parse_mode === "HTML");
      const types = symbols.map((each) => checker.getNonNullableType(checker.getTypeOfSymbol(each)));
      for (const inner of types.slice(0, 1)) walk(property.initializer, inner);
    }
  } else if (ts.isArrayLiteralExpression(node)) {
    const parts = type.isUnion() ? type.types : [type];
    const element = parts.map((part) => checker.getIndexTypeOfType(part, ts.IndexKind.Number)).find(Boolean);
    if (element) for (const each of node.elements) walk(each, element);
  }
}

const keyOf = (property) => property.name.text ?? property.name.getText(source);

function valueOf(node) {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(valueOf);
  if (ts.isObjectLiteralExpression(node)) {
    return Object.fromEntries(
      node.properties.filter(ts.isPropertyAssignment).map((each) => [keyOf(each), valueOf(each.initializer)]),
    );
  }
  return undefined;
}

for (const statement of source.statements) {
  const expression = ts.isExpressionStatement(statement) ? statement.expression : undefined;
  if (!expression || !ts.isSatisfiesExpression(expression)) continue;
  const value = ts.isParenthesizedExpression(expression.expression)
    ? expression.expression.expression
    : expression.expression;
  walk(value, checker.getTypeFromTypeNode(expression.type));
}

process.stdout.write(JSON.stringify({ problems, limits }));
