"""Makes the small NumPy and zip fixtures beside this file, and poisson.csv.

Needs Python 3.11, NumPy 2.4, SciPy; zlib 1.2.13. The archives of libzip were made with its C library,
those named python311_ by single.npz's and deflated.npz's lines with Python 3.11.2.
"""
import io
import zipfile
import numpy as np
from scipy.stats import poisson

rng = np.random.default_rng(3)
# Long runs of zeros: the kind of contents for which many deflate streams are equivalent.
spikes = (rng.random((2, 12, 20)) < 0.02).astype(np.uint8)
labels = np.array([1, 0])
np.savez("stored.npz", spikes=spikes, labels=labels)
np.savez_compressed("deflated.npz", spikes=spikes, labels=labels)
np.savez_compressed("single.npz", spikes=spikes)
np.save("spikes.npy", spikes)
np.save("fortran.npy", np.asfortranarray(spikes.astype(">i4")))
np.save("bool.npy", spikes[0] > 0)
np.save("complex.npy", spikes.astype(complex))
np.save("half.npy", spikes[0] + 0.5)
with zipfile.ZipFile("writestr.npz", "w", zipfile.ZIP_DEFLATED) as archive:
    for name, array in (("spikes", spikes), ("labels", labels)):
        data = io.BytesIO()
        np.save(data, array)
        archive.writestr(zipfile.ZipInfo(f"{name}.npy"), data.getvalue(), zipfile.ZIP_DEFLATED)
# Another compressor's choices: level 1, in an archive that is otherwise savez_compressed's.
other = (np.random.default_rng(5).random((3, 20, 40)) < 0.1).astype(np.uint8)
with zipfile.ZipFile("level1.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
    data = io.BytesIO()
    np.save(data, other)
    with archive.open("spikes.npy", "w", force_zip64=True) as member:
        member.write(data.getvalue())
with open("poisson.csv", "w") as table:
    table.write("mean,count,cdf,sf\n")
    for mean in (1e-5, 0.1, 2.0, 16.5, 800.0, 5000.0):
        spread = int(6 * mean**0.5 + 6)
        for count in range(max(int(mean) - spread, 0), int(mean) + spread, max(spread // 20, 1)):
            table.write(f"{mean},{count},{poisson.cdf(count, mean) * 2**32:.3f},{poisson.sf(count, mean) * 2**32:.6g}\n")
