/**
 * Values as people and stores leave them, and as programs must get them. White space around a value is no part of it
 * (addendum D5, caracal.md 3.3 rule 8); everything else arrives as it is.
 */
export const STORED_VALUES: readonly { readonly what: string; readonly stored: string; readonly value: string }[] = [
  { what: 'plain', stored: 'a1b2c3d4', value: 'a1b2c3d4' },
  { what: 'a newline at the end, as echo leaves it', stored: 'a1b2c3d4\n', value: 'a1b2c3d4' },
  { what: 'a newline of Windows at the end', stored: 'a1b2c3d4\r\n', value: 'a1b2c3d4' },
  { what: 'several newlines', stored: 'a1b2c3d4\n\n\n', value: 'a1b2c3d4' },
  { what: 'space around it', stored: ' \ta1b2c3d4 ', value: 'a1b2c3d4' },
  { what: 'space of other kinds around it', stored: '\u00a0\u2003a1b2c3d4\u0085\u3000', value: 'a1b2c3d4' },
  { what: 'a byte-order mark, which is no space', stored: '\ufeffa1b2c3d4', value: '\ufeffa1b2c3d4' },
  { what: 'space inside', stored: 'a b\tc', value: 'a b\tc' },
  { what: 'a newline inside', stored: 'a\nb\n', value: 'a\nb' },
  { what: 'everything that a URL gives a meaning', stored: ":/?#[]@!$&'()*+,;=%\n", value: ":/?#[]@!$&'()*+,;=%" },
  { what: 'escapes', stored: '%20%2F\\n\\', value: '%20%2F\\n\\' },
  { what: 'quotes', stored: '"\'`', value: '"\'`' },
  { what: 'a template', stored: '{{ .redisPassword }}{{', value: '{{ .redisPassword }}{{' },
  { what: 'a pipeline', stored: '}} | trim {{ "', value: '}} | trim {{ "' },
  { what: 'a shell', stored: '$(id) ${HOME} `id`', value: '$(id) ${HOME} `id`' },
  { what: 'what YAML reads as something else', stored: 'null', value: 'null' },
  { what: 'a number with a zero in front', stored: '007', value: '007' },
  { what: 'other scripts', stored: 'müller-日本-😀', value: 'müller-日本-😀' },
  { what: 'much', stored: `${'x'.repeat(10_000)}\n`, value: 'x'.repeat(10_000) },
];
