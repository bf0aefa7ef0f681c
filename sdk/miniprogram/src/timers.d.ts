// The two functions of the mini program's runtime that are not part of the language.
declare function setTimeout(work: () => void, milliseconds: number): number;
declare function clearTimeout(timer: number | undefined): void;
