#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compare a run of the probe with a recording of the real kernel, case by case.

usage: compare.py RECORDING.jsonl RUN (serial log or .jsonl) [-v] [-c CASE-REGEX] [--list]

Prints every case that differs (with -v its first difference) and closes with counts; exit status 0 when none differs.
What may differ between two builds of the same program is made equal first:
  addresses inside the program image      by the nearest symbol that the probe names, else 'img'
  capability addresses of the case window 'win+N' (they follow from how many frames the image has)
  kernel object addresses, source lines and instruction pointers inside the kernel's own messages
  cycle counts, microseconds, the step counter
What QEMU does otherwise than a processor is not compared (README.md, "Where the recordings are not the last word").
"""
import json, re, subprocess, sys, os, tempfile

RF = 0x10000
IMG = (0x400000, 0x800000)
PROCESSOR_DIFFERS = {            # case -> why the recording is not the last word
    'd_int20': 'int n error code', 'd_int80': 'int n error code', 'd_int0d': 'int n error code', 'd_int0e': 'int n error code',
    'd_int9d': 'int n error code', 'd_int04': 'int n error code', 'd_int1': '#DB', 'd_ssediv': '#UD at the divide', 'd_vmcall': 'virtualisation', 'b_rmw_unmapped': 'write bit',
    'd_noncanon_jmp': 'IP at the jump', 'd_noncanon_ret': 'IP at the ret', 'e_int1': '#DB', 'g_null_int80': 'int n error code',
}
TIMED = re.compile(r'^(perf_|f_timeout|f_fault_no_budget|k_rr)')

def normal_word(text, win, is_cptr):
    v = int(text, 16)
    if is_cptr and win <= v < win + 400: return f'win+{v - win}'
    if is_cptr and 0x80 <= v < win and win < 1 << 62: return 'slot'
    if IMG[0] <= v < IMG[1]: return 'img'
    return text

def normal_text(t):
    t = re.sub(r'\x1b\[[0-9;?]*[A-Za-z]', '', t)
    t = re.sub(r'\[(\w+)/\d+ T0x[0-9a-f]+ ("[^"]*") @[0-9a-f]+\]', r'[\1 \2]', t)
    t = re.sub(r'in thread 0x[0-9a-f]+', 'in thread T', t)
    t = re.sub(r'0xffffff80[0-9a-f]{8}', 'kptr', t)
    t = re.sub(r'0x(4|5|6|7)[0-9a-f]{5}\b', 'img', t)
    t = re.sub(r'(?<=watchpoint address )(4|5|6|7)[0-9a-f]{5}\b', 'img', t)
    return t

def cases(path):
    if not path.endswith('.jsonl'):
        out = tempfile.NamedTemporaryFile(suffix='.jsonl', delete=False).name
        here = os.path.dirname(os.path.abspath(__file__))
        subprocess.run([sys.executable, os.path.join(here, 'serial2jsonl.py'), path, out], check=True, stdout=subprocess.DEVNULL)
        path = out
    win, found = 1 << 62, {}
    for line in open(path):
        try: o = json.loads(line)
        except ValueError: o = {'case': None, 'ev': 'garbage'}
        if o['ev'] == 'config': win = int(o['win_base'], 16); continue
        case = o.pop('case', None)
        if case is None: continue
        for k in ('step', 'raw', 'tsc', 'tsc_per', 'first_free_slot'): o.pop(k, None)
        found.setdefault(case, []).append(walk(o, win))
    return found

def walk(o, win, key=None, cptr=False):
    if isinstance(o, dict):
        ev, kind = o.get('ev'), o.get('kind')
        if ev == 'kprint': return {'ev': ev, 'text': re.sub(r'(?<=#)\d+|(?<=address )0x[0-9a-f]+', lambda m: normal_word(hex(int(m[0], 0)), win, True), normal_text(o['text']))}
        if ev == 'sched': return {'ev': ev, 'tcbs': [{k: v for k, v in t.items() if k != 'ip'} for t in o['tcbs'] if t['name'] not in ('watchdog', 'idle_thread')]}
        if ev == 'fault' and isinstance(o.get('mr'), list):
            flags, address = {'UserException': (2, None), 'UnknownSyscall': (17, None), 'CapFault': (None, 1)}.get(kind, (None, None))
            return dict({k: v for k, v in o.items() if k != 'mr'}, mr=[m['sym'] if 'sym' in m else
                normal_word(hex(int(m['v'], 16) & ~(RF if m['i'] == flags else 0)), win, m['i'] == address) for m in o['mr']])
        if ev == 'regs' and o.get('thread') != 'faulter': return {'ev': ev, 'thread': o['thread'], 'rip': walk(o['r']['rip'], win)}   # compiled C: registers are the compiler's
        if 'v' in o: return o['sym'] if 'sym' in o else walk(o['v'], win, key, cptr or key == 'rdi')
        if 1000 < (o.get('label') or 0) < 5000: return {'badge': o['badge'], 'info': 'stale'}   # nothing was received: the register kept its value
        return {k: walk(v, win, k, cptr or ev == 'invoke') for k, v in o.items()}
    if isinstance(o, list): return [walk(x, win, key, cptr) for x in o]
    if isinstance(o, str) and re.fullmatch(r'0x[0-9a-f]+', o):
        return normal_word(hex(int(o, 16) & ~RF) if key == 'rflags' else o, win, cptr)
    return o

def main(argv):
    verbose, pattern, listing = '-v' in argv, '', '--list' in argv
    if '-c' in argv: pattern = argv[argv.index('-c') + 1]; argv.remove('-c'); argv.remove(pattern)
    files = [a for a in argv if not a.startswith('-')]
    want, got = cases(files[0]), cases(files[1])
    same = differ = 0
    for case in want:
        if TIMED.match(case) or case in PROCESSOR_DIFFERS or not re.search(pattern, case): continue
        if want[case] == got.get(case): same += 1; continue
        differ += 1
        print(f'differs: {case}' + ('' if case in got else ' (not in the run)'))
        if verbose and case in got:
            for i in range(max(len(want[case]), len(got[case]))):
                a = want[case][i] if i < len(want[case]) else None; b = got[case][i] if i < len(got[case]) else None
                if a != b: print('   real kernel:', json.dumps(a)[:600]); print('   this run:   ', json.dumps(b)[:600]); break
    print(f'{same} cases agree, {differ} differ')
    return 1 if differ else 0

sys.exit(main(sys.argv[1:]))
