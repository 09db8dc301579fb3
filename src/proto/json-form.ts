/**
 * Protobuf's JSON form of a message, as Python's `MessageToDict` gives it: field names in camel case, enums by name,
 * 64-bit integers as text, bytes in base64, and nothing for a field that has its default and no presence.
 * https://protobuf.dev/programming-guides/json/
 */
import { isUint8Array } from 'node:util/types';
import protobuf from 'protobufjs/light.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** @throws RangeError where the bytes are no such message. */
export function jsonForm(type: protobuf.Type, bytes: Uint8Array): { readonly [key: string]: Json } {
  return messageForm(type, type.decode(bytes) as Fields);
}

/** A message as protobufjs decodes it: a field that is not on the wire is no own property. */
type Fields = Readonly<Record<string, unknown>>;

interface FieldForm {
  readonly field: protobuf.Field;
  readonly jsonName: string;
  readonly isMap: boolean;
  /** One value. */
  readonly form: (value: unknown) => Json;
}

const forms = new WeakMap<protobuf.Type, readonly FieldForm[]>();

function formsOf(type: protobuf.Type): readonly FieldForm[] {
  const known = forms.get(type);
  if (known) return known;
  const made = type.fieldsArray.map((each) => {
    const field = each.resolve();
    return { field, jsonName: camelCase(field.name), isMap: field instanceof protobuf.MapField, form: formOf(field) };
  });
  forms.set(type, made);
  return made;
}

function messageForm(type: protobuf.Type, message: Fields): { readonly [key: string]: Json } {
  const json: Record<string, Json> = {};
  for (const each of formsOf(type)) {
    if (!Object.hasOwn(message, each.field.name)) continue;
    const value = fieldForm(each, message[each.field.name]);
    if (value !== undefined) json[each.jsonName] = value;
  }
  return json;
}

function fieldForm({ field, isMap, form }: FieldForm, value: unknown): Json | undefined {
  if (isMap) return mapForm(value as Fields, form);
  if (field.repeated) {
    const values = value as readonly unknown[];
    return values.length === 0 ? undefined : values.map(form);
  }
  const hasPresence = field.partOf !== null || field.resolvedType instanceof protobuf.Type;
  return hasPresence || !isDefault(value) ? form(value) : undefined;
}

function mapForm(entries: Fields, form: FieldForm['form']): Json | undefined {
  // Keys of maps are names of people's choice. An object without a prototype takes much memory, though, even if it is empty.
  const json: Record<string, Json> = Object.create(null);
  const keys = Object.keys(entries);
  for (const key of keys) json[key] = form(entries[key]);
  return keys.length === 0 ? undefined : json;
}

function isDefault(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) {
    return isUint8Array(value) ? value.length === 0 : String(value) === '0';
  }
  return value === 0 || value === false || value === '';
}

function formOf({ type, resolvedType }: protobuf.Field): FieldForm['form'] {
  if (resolvedType instanceof protobuf.Type) return (value) => messageForm(resolvedType, value as Fields);
  if (resolvedType instanceof protobuf.Enum) {
    const { valuesById } = resolvedType;
    return (value) => valuesById[value as number] ?? (value as number);
  }
  if (type === 'bytes') return (value) => Buffer.from(value as Uint8Array).toString('base64');
  if (type === 'float') return (value) => floatForm(shortest(value as number));
  if (type === 'double') return (value) => floatForm(value as number);
  if (type.endsWith('64')) return (value) => String(value);
  return (value) => value as number | string | boolean;
}

function floatForm(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** The decimal with the fewest digits that is this float32: 0.1 and not 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number.isFinite(value) ? Number(value.toPrecision(9)) : value;
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
