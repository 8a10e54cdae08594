"""Contracts: how long customers keep renewing. Models of discrete lifetimes, shared by the diagnostics that need them."""

from crmlib.contract.exposure import Exposure, from_survivors, from_tenures
from crmlib.contract.model import Contract, residual_lifetime

__all__ = ["Contract", "Exposure", "from_survivors", "from_tenures", "residual_lifetime"]
