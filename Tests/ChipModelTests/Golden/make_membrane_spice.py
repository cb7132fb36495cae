"""membrane_spice.csv: line energy and a voltage-dependent junction in ngspice, beside their closed forms.

python3 make_membrane_spice.py   (writes membrane_spice.csv beside itself; ngspice must be installed, NGSPICE names another)
"""
import csv, os, pathlib, re, subprocess, tempfile

NGSPICE = os.environ.get("NGSPICE", "ngspice")
OPTIONS = ".options abstol=1e-18 chgtol=1e-22 vntol=1e-10 reltol=1e-6 gmin=1e-21 trtol=1\n"
rows = []


def run(body, measure):
    deck = "* check\n" + OPTIONS + body + "\n.control\nset numdgt=12\nrun\n" + measure + "\nquit\n.endc\n.end\n"
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "check.cir"
        path.write_text(deck)
        out = subprocess.run([NGSPICE, "-b", str(path)], capture_output=True, text=True, timeout=200).stdout
    return {k: float(v) for k, v in re.findall(r"^(\w+)\s*=\s*([-+0-9.eE]+)", out, re.M)}


# A line on a switch to the supply: what the source gives while the line moves by `swing`.
for farad in (50e-15, 125e-15, 639.184e-15):
    for swing in (1.7, 0.3, 0.1):
        m = run(
            f"Vdd vdd 0 1.8\nS1 vdd line c 0 sw\n.model sw SW(Vt=0.5 Vh=0 Ron=100k Roff=1e18)\n"
            f"Vc c 0 PULSE(0 1 1n 1p 1p 1 2)\nCl line 0 {farad}\n.ic v(line)={1.8 - swing}\n.tran 0.2n 2u 0 0.2n uic",
            "meas tran q integ i(vdd) from=0 to=2u")
        closed = farad * swing * 1.8
        rows.append(["energy", f"C={farad * 1e15:g}fF swing={swing:g}V supply=1.8V", closed, -m["q"] * 1.8])

# 256 junctions beside 500 fF: the charge that takes the node from a to b, by a current of 1 nA; t = Q / I.
cj, phi, grade, n = 0.1632e-15, 0.729, 0.44, 256
for a, b in ((0.9, 1.2), (0.1, 0.6), (0.0, 1.8)):
    power = 1 - grade
    charge = lambda v: cj * phi / power * ((1 + v / phi) ** power - 1)
    effective = 500e-15 + n * (charge(b) - charge(a)) / (b - a)
    m = run(
        f"Cm m 0 500f\nD1 0 m jct area={n}\n.model jct D(is=1e-30 cjo={cj} vj={phi} m={grade} fc=0.5)\nIp 0 m 1n\n"
        f".ic v(m)={a}\n.tran {effective * (b - a) / 1e-9 / 4000} {effective * (b - a) / 1e-9 * 1.1} 0 "
        f"{effective * (b - a) / 1e-9 / 4000} uic",
        f"meas tran tend when v(m)={b}")
    rows.append(["junction", f"a={a:g}V b={b:g}V", effective, 1e-9 * m["tend"] / (b - a)])

with open(pathlib.Path(__file__).with_name("membrane_spice.csv"), "w", newline="") as f:
    w = csv.writer(f, lineterminator="\n")
    w.writerow(["quantity", "condition", "closed_form", "ngspice"])
    for q, c, closed, spice in rows:
        w.writerow([q, c, f"{closed:.9g}", f"{spice:.9g}"])
        print(q, c, f"{spice / closed - 1:+.2e}")
