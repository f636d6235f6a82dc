"""What declarations say of calls: promise, hybrid, lazy, none or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from archlint.program.ecma_declared import Declarations
from tests.program.ecma_declared.test_packages import install


def ask(root: Path, files: dict[str, str] | str, name: str, count: int | None = None) -> str:
    declared = {"index.d.ts": files} if isinstance(files, str) else files
    install(root, "kit", {}, declared)
    return Declarations(str(root)).kind(f"npm:kit{name}", "a.ts", count)


FUNCTIONS = """
export declare function a(): Promise<void>;
export declare function b(): void;
export declare function c(): any;
export declare function d<T>(x: T): T;
export declare function e(): Promise<void> | undefined;
export declare function f(): { then(done: () => void): void };
export declare const g: () => Promise<number>;
export declare function h(): PromiseLike<void>;
export declare function i(): Missing;
export declare function j(): string[];
export declare function k(): never;
export declare const l: { (): Promise<void>; soon: () => void };
export type Later<T> = Promise<T>;
export declare function m(): Later<string>;
export declare function n(): ReturnType<typeof a>;
export declare function o(): Loop;
type Loop = Loop | Loop2;
type Loop2 = Loop;
export declare function p(): Readonly<Partial<Promise<void>>>;
export declare function q(): Promise<void> & { cancel(): void };
export default function r(): Promise<void>;
"""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (".a", "promise"), (".b", "none"), (".c", ""), (".d", ""), (".e", "promise"),
        (".f", "lazy"), (".g", "promise"), (".h", "lazy"), (".i", ""), (".j", "none"),
        (".k", "none"), (".l", "promise"), (".l.soon", "none"), (".m", "promise"),
        (".n", "promise"), (".o", ""), (".p", "promise"), (".q", "promise"), ("", "promise"),
        (".default", "promise"), (".nowhere", ""), (".a().then", "promise"),
        (".a().then().catch", "promise"),
    ],
)  # fmt: skip
def test_functions(tmp_path: Path, name: str, kind: str) -> None:
    assert ask(tmp_path, FUNCTIONS, name) == kind


CLASSES = """
import { Base } from "./base";
import { EventEmitter } from "node:events";
export declare class Client extends Base {
  static create(): Promise<Client>;
  inner: { deep: Pool };
  get pool(): Pool;
  chain(): this;
  close(): Promise<void>;
  stop(): void;
}
export declare class Pool extends EventEmitter { drain(): Promise<void>; size(): number; }
export declare class Query<T> { then(done: (value: T) => void): void; where(): this; }
export declare class Job<T> extends Promise<T> { cancel(): void; }
export declare class Odd extends mixin(Base) { own(): void; }
export interface Shape { one(): Promise<void>; }
export interface Shape { two(): void; }
export interface Both extends Shape, Pool { three?: () => Promise<void>; [key: string]: unknown; }
export declare const made: new (x: string) => Client;
export declare function find(): Query<Client>;
export declare function run(): Job<Pool>;
export declare function odd(): Odd;
"""
BASE = "export declare class Base { ping(): Promise<string>; self(): this; }"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (".Client", "none"), (".Client().close", "promise"), (".Client().stop", "none"),
        (".Client().ping", "promise"), (".Client.create", "promise"),
        (".Client.create()~.close", "promise"), (".Client().inner.deep.drain", "promise"),
        (".Client().pool.drain", "promise"), (".Client().chain().close", "promise"),
        (".Client().self().close", "promise"), (".Pool().size", "none"), (".Pool().on", ""),
        (".Pool", "none"), (".find", "lazy"), (".find().where", "lazy"),
        (".find()~.close", "promise"),
        (".run", "promise"), (".run()~.drain", "promise"), (".Odd().own", "none"),
        (".Odd().other", ""), (".odd", ""), (".Shape().one", "promise"), (".Shape().two", "none"),
        (".Both().one", "promise"), (".Both().drain", "promise"), (".Both().three", "promise"),
        (".Both().what", ""), (".made().close", "promise"),
    ],
)  # fmt: skip
def test_classes(tmp_path: Path, name: str, kind: str) -> None:
    assert ask(tmp_path, {"index.d.ts": CLASSES, "base.d.ts": BASE}, name) == kind


MODULES = {
    "index.d.ts": """
export * from "./stars.js";
export * as space from "./stars";
export { inner as outer, default as main } from "./named";
import * as all from "./named";
import named, { inner } from "./named";
import req = require("./assigned");
export import alias = all.Box;
export { named, inner as again, req };
export declare namespace A.B { function go(): Promise<void>; namespace C { class D { x(): void } } }
export declare function typed(): import("./stars").Box;
export { type Only } from "./stars";
export type { Other } from "./stars";
""",
    "stars.d.ts": "export declare function star(): Promise<void>;\n"
    "export interface Box { go(): Promise<void> }\n"
    "export type Only = Box;\nexport type Other = Box;",
    "named.d.ts": "declare function inner(): Promise<void>;\nexport { inner };\n"
    "export declare class Box { go(): void }\n"
    "declare const _default: { fetch(): Promise<void> };\nexport default _default;",
    "assigned.d.ts": "declare function assigned(): void;\n"
    "declare namespace assigned { function later(): Promise<void>; interface Box { go(): void } }\n"
    "export = assigned;",
}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (".star", "promise"), (".space.star", "promise"), (".outer", "promise"),
        (".main.fetch", "promise"), (".named.fetch", "promise"), (".again", "promise"),
        (".req", "none"), (".req.later", "promise"), (".alias().go", "none"),
        (".A.B.go", "promise"), (".A.B.C.D().x", "none"), (".typed().go", "promise"),
        (".Only().go", "promise"), (".Other().go", "promise"), ("/assigned", "none"),
        ("/assigned.later", "promise"), ("/assigned.Box().go", "none"),
    ],
)  # fmt: skip
def test_modules(tmp_path: Path, name: str, kind: str) -> None:
    assert ask(tmp_path, MODULES, name) == kind


def test_ambient_modules(tmp_path: Path) -> None:
    text = 'declare module "kit" { export function go(): Promise<void>; }'
    assert ask(tmp_path, text, ".go") == "promise"


COMMANDER = """
interface ResultTypes<T, C> { default: Promise<T>; pipeline: Chain; }
interface Chain { exec(): Promise<void>; }
interface Context { type: keyof ResultTypes<unknown, unknown>; }
type Result<T, C extends Context> = ResultTypes<T, C>[C["type"]];
interface Commander<C extends Context = { type: "default" }> {
  get(key: string): Result<string, C>;
  get(key: string, done: (error: Error) => void): Result<string, C>;
}
export declare class Redis implements Commander { duplicate(): Redis; pipeline(): Pipeline; }
export interface Redis extends Commander {}
export interface Pipeline extends Commander<{ type: "pipeline" }> {}
export default Redis;
"""


def test_a_conditional_result_by_an_index_and_a_default(tmp_path: Path) -> None:
    assert ask(tmp_path, COMMANDER, "().duplicate().get") == "promise"
    assert ask(tmp_path, COMMANDER, ".Redis().pipeline().get") == "none"


OVERLOADS = """
export declare function read(path: string): Promise<string>;
export declare function read(path: string, done: () => void): void;
export declare function send(data: string): Promise<string>;
export declare function send(done: () => void): void;
export declare function any(...rest: string[]): Promise<void>;
export declare function any(...rest: number[]): void;
"""


@pytest.mark.parametrize(
    ("name", "count", "kind"),
    [
        (".read", 1, "promise"), (".read", 2, "none"), (".read", None, "hybrid"),
        (".send", 1, "hybrid"), (".send", 5, "hybrid"), (".any", 3, "hybrid"),
    ],
)  # fmt: skip
def test_overloads(tmp_path: Path, name: str, count: int | None, kind: str) -> None:
    assert ask(tmp_path, OVERLOADS, name, count) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "export declare function go(",
        "export * from './index';",
        "export { go } from './index';",
        "export * from 'kit'; export * from './nowhere';",
        "import { go } from './index'; export { go };",
        "type A<T> = A<A<T>>; export declare function go(): A<string>;",
        "export declare class A extends A { } export declare const go: A;",
        "export declare const go: typeof go;",
        "interface B extends C {} interface C extends B {} export declare function go(): B['x'];",
        "export declare function go(): " + "(" * 5000,
        "export declare function go(): " + "Array<" * 3000 + "x" + ">" * 3000,
        "\x00\x01",
    ],
)
def test_broken_and_circular_declarations_say_nothing(tmp_path: Path, text: str) -> None:
    assert ask(tmp_path, text, ".go") in {"", "none"}
    assert ask(tmp_path, text, ".go().x().y~.z") == ""


def test_without_installed_packages_nothing_is_known(tmp_path: Path) -> None:
    assert Declarations(str(tmp_path)).kind("npm:kit.go", "a.ts") == ""
    assert Declarations(str(tmp_path)).kind("node:fs.readFile", "a.ts") == ""
