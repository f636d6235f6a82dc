; Loops that look at the clock until time has passed, and loops that do nothing until a flag changes.
; needs-pattern: \b(?:while|for)\s*\([^{}\n]*(?:Date|performance\.now|hrtime|uptime)|\bwhile\s*\(\s*![\w.\s$]*\)\s*(?:;|\{\s*\})

(while_statement
  condition: (_) @condition
  (#match? @condition "Date\\.now\\s*\\(|new Date\\b|performance\\.now\\s*\\(|process\\.(hrtime|uptime)")) @loop

(do_statement
  condition: (_) @condition
  (#match? @condition "Date\\.now\\s*\\(|new Date\\b|performance\\.now\\s*\\(|process\\.(hrtime|uptime)|<|>")) @loop

(for_statement
  condition: (_) @condition
  (#match? @condition "Date\\.now\\s*\\(|new Date\\b|performance\\.now\\s*\\(|process\\.(hrtime|uptime)")) @loop

((while_statement
  condition: (parenthesized_expression
    (unary_expression
      operator: "!"
      argument: [(identifier) (member_expression)])) @condition
  body: [(empty_statement) (statement_block)] @body) @loop
  (#match? @body "^(;|\\{\\s*\\})$"))
