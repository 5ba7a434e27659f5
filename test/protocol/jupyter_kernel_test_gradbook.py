"""The community's conformance suite, jupyter_kernel_test, on this kernel."""

import unittest

import jupyter_kernel_test


class Gradbook(jupyter_kernel_test.KernelTests):
    kernel_name = "gradbook"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_generate_error = "throw new Error('boom')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a' + 'b'", "result": "'ab'"},
    ]
    code_display_data = [
        {"code": "display.html('<b>x</b>'); 0", "mime": "text/html"},
        {"code": "display.svg('<svg/>'); 0", "mime": "image/svg+xml"},
        {"code": "display.png(new Uint8Array([1])); 0", "mime": "image/png"},
        {"code": "display.markdown('**x**'); 0", "mime": "text/markdown"},
        {"code": "display.json({ a: 1 }); 0", "mime": "application/json"},
    ]
    complete_code_samples = ["1", "const f = () => 1", "if (true) { 1 }", "`a\nb`"]
    incomplete_code_samples = ["function f() {", "foo(", "`open", "1 +"]
    invalid_code_samples = ["const x = ;", "}"]
    code_clear_output = "clearOutput()"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6*"
    code_page_something = "?placeholder"
    code_inspect_sample = "placeholder"
    completion_samples = [
        {"text": "computeGr", "matches": {"computeGradients"}},
        {"text": "plot.decisionB", "matches": {"decisionBoundary"}},
        {"text": "clearO", "matches": {"clearOutput"}},
        {"text": "// a comment."},
    ]


if __name__ == "__main__":
    unittest.main(verbosity=2)
