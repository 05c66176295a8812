"""POT's network simplex, without the rest of POT.

`import ot` executes every solver that POT has, with what these bring along: scipy.stats, networkx,
scikit-learn. That takes longer than most of our problems. The module of the simplex needs two more
of POT's modules, so it is imported into packages whose own `__init__` is not executed. An
environment that sets one of the switches of POT's array backends itself is respected.
"""

import os
import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType

_SIMPLEX = "ot.lp._network_simplex"
_PUBLIC = "ot.lp"
_PACKAGES = ("ot", _PUBLIC)

for _backend in ("PYTORCH", "JAX", "CUPY", "TENSORFLOW"):
    os.environ.setdefault(f"POT_BACKEND_DISABLE_{_backend}", "1")


def load_simplex(module: str = _SIMPLEX) -> ModuleType:
    """Return the module with POT's `emd` and `emd2`; all of `ot.lp` if this POT has no such module.

    The packages leave again: who imports `ot` later gets all of it, with these very functions.
    """
    if "ot" in sys.modules:
        return import_module(_PUBLIC)
    try:
        for name in _PACKAGES:  # a package's search path is in its parent
            spec = find_spec(name)
            if spec is None:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            sys.modules[name] = module_from_spec(spec)
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
    finally:
        for name in _PACKAGES:
            sys.modules.pop(name, None)
    return import_module(_PUBLIC)


simplex = load_simplex()
