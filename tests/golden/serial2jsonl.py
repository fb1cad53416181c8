#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Serial log of the probe -> JSON Lines: the probe's own lines kept, kernel text as {"ev":"kprint"}, scheduler dumps as {"ev":"sched"}.
usage: serial2jsonl.py LOG OUT.jsonl"""
import sys,re,json
src,dst=sys.argv[1:3]
ansi=re.compile(r'\x1b\[[0-9;?]*[A-Za-z]')
out=open(dst,'w'); case=None; n=0; dump=None; started=False; bad=0
def emit(o):
    out.write(json.dumps(o)+'\n')
def flush():
    global dump
    if dump is not None: emit({"case":case,"ev":"sched","tcbs":dump}); dump=None
for raw in open(src,errors='replace'):
    l=raw.rstrip('\r\n')
    if '@@PROBE START' in l: started=True; continue
    if not started: continue
    p=ansi.sub('',l).rstrip('\r')
    if p.startswith('@@BEGIN '): flush(); case=p[8:]; emit({"case":case,"ev":"begin"}); continue
    if p.startswith('@@END '): flush(); emit({"case":p[6:],"ev":"end"}); case=None; continue
    if p.startswith('{"case"'):
        flush()
        try: emit(json.loads(p))
        except Exception as e: bad+=1; emit({"case":case,"ev":"badjson","text":p})
        continue
    if p=='Dumping all tcbs!': flush(); dump=[]; continue
    if dump is not None:
        if p.startswith('Name   ') or p.startswith('-----'): continue
        m=re.match(r'^(\S.*?)\s{2,}(\S.*?)\s{2,}(\S+)\s+(\d+)(?:\s+(yes|no))?\s*$',p)
        if m: d={"name":m[1],"state":m[2],"ip":m[3],"prio":int(m[4])}; 
        if m:
            if m[5]: d["inReleaseQueue"]=m[5]
            dump.append(d); continue
        flush()
    if p.strip()=='' : continue
    emit({"case":case,"ev":"kprint","text":p,"raw":l})
flush(); print(dst,'bad json',bad)
