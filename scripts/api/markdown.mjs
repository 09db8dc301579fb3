// The reference of the API as Markdown.
import { membersInOrder } from './model.mjs';

/** @param items as `exportedItems` gives them. */
export function referenceOf(items) {
  const lists = valueLists(items);
  const known = new Set(items.map(({ displayName }) => displayName));
  const ofKind = (...kinds) => items.filter(({ kind }) => kinds.includes(kind));
  return [
    '# API',
    '',
    'Made from the doc comments by `npm run generate:api`; not to be edited. [Embedding](embedding.md) says how it is used,',
    '[errors](errors.md) what each code means.',
    '',
    '## Functions',
    ...ofKind('Function').flatMap(functionSection),
    '## Classes',
    ...ofKind('Class').flatMap((item) => membersSection(item, known)),
    '## Types',
    ...ofKind('Interface', 'TypeAlias').flatMap((item) =>
      item.kind === 'Interface' ? membersSection(item, known) : aliasSection(item, lists),
    ),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

/** `const names: readonly ['a', 'b']` by its name, for types that are one of them. */
function valueLists(items) {
  return new Map(
    items
      .filter(({ kind }) => kind === 'Variable')
      .map(({ displayName, excerpt }) => [displayName, excerpt.text.match(/'[^']*'/g)?.join(' | ') ?? '']),
  );
}

function functionSection(item) {
  const { tsdocComment: comment } = item;
  return [
    ...heading(item.displayName),
    ...code(declaration(item)),
    ...paragraphs(comment?.summarySection),
    ...blocks(comment),
  ];
}

function membersSection(item, known) {
  const bases = (item.extendsTypes ?? (item.extendsType ? [item.extendsType] : [])).map(({ excerpt }) => excerpt.text);
  const links = bases.map((name) => (known.has(name) ? `[${name}](#${name.toLowerCase()})` : `\`${name}\``));
  return [
    ...heading(item.displayName),
    ...paragraphs(item.tsdocComment?.summarySection),
    ...(links.length > 0 ? [`With all of ${links.join(' and ')}.`, ''] : []),
    '| | |',
    '|---|---|',
    ...membersInOrder(item).map(
      (member) => `| ${cell(`\`${declaration(member)}\``)} | ${cell(textOf(member.tsdocComment))} |`,
    ),
    '',
  ];
}

function aliasSection(item, lists) {
  const values = /\(typeof (\w+)\)\[number\]/.exec(item.excerpt.text);
  const type = values ? lists.get(values[1]) : item.typeExcerpt.text;
  return [
    ...heading(item.displayName),
    ...paragraphs(item.tsdocComment?.summarySection),
    ...code(`type ${item.displayName} = ${type}`),
  ];
}

function heading(name) {
  return ['', `### ${name}`, ''];
}

function code(text) {
  return ['```ts', text, '```', ''];
}

/** Without the words that all have. */
function declaration({ excerpt }) {
  return excerpt.text
    .replace(/^export (declare )?/, '')
    .replace(/^readonly /, '')
    .replace(/;$/, '')
    .replace(/\s+/g, ' ');
}

function blocks(comment) {
  if (!comment) return [];
  const params = comment.params.blocks.map((block) => `- \`${block.parameterName}\`: ${inline(block.content)}`);
  const others = [comment.returnsBlock, ...comment.customBlocks]
    .filter((block) => block !== undefined)
    .map(({ blockTag, content }) => `- ${blockTag.tagName === '@throws' ? 'Throws' : 'Returns'} ${inline(content)}`);
  const lines = [...params, ...others];
  return lines.length > 0 ? [...lines, ''] : [];
}

/** All that is said of a member, in one line. */
function textOf(comment) {
  if (!comment) return '';
  return [inline(comment.summarySection), ...blocks(comment).map((line) => line.replace(/^- /, ''))].join(' ').trim();
}

function paragraphs(section) {
  return (section?.nodes ?? []).flatMap((node) => {
    const text = inline(node);
    return text === '' ? [] : [text, ''];
  });
}

/** @param node of a doc comment, with all that is in it. */
function inline(node) {
  if (node.kind === 'PlainText') return node.text;
  if (node.kind === 'SoftBreak') return ' ';
  if (node.kind === 'CodeSpan') return `\`${node.code}\``;
  if (node.kind === 'EscapedText') return node.decodedText;
  if (node.kind === 'LinkTag') return node.linkText ?? node.urlDestination ?? node.codeDestination.emitAsTsdoc();
  const children = node.nodes ?? node.getChildNodes();
  return children
    .map(inline)
    .join(node.kind === 'Section' ? ' ' : '')
    .replace(/ +/g, ' ')
    .trim();
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}
