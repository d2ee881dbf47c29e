namespace RmStack.Machine.Cpu;

/// <summary>What a CPU has beyond the integer part of Armv8.0-A. An encoding that needs a feature the model lacks is undefined.</summary>
[Flags]
public enum CpuFeatures : uint
{
    /// <summary>Armv8.0-A.</summary>
    None = 0,

    /// <summary>FEAT_CRC32: CRC32B to CRC32CX.</summary>
    Crc32 = 1 << 0,

    /// <summary>FEAT_LSE: CAS, CASP, SWP, LDADD and the like.</summary>
    Lse = 1 << 1,

    /// <summary>FEAT_PAN: PSTATE.PAN.</summary>
    Pan = 1 << 2,

    /// <summary>FEAT_UAO: PSTATE.UAO.</summary>
    Uao = 1 << 3,

    /// <summary>FEAT_LRCPC: LDAPR.</summary>
    Rcpc = 1 << 4,

    /// <summary>FEAT_LOR: LDLAR, STLLR.</summary>
    Lor = 1 << 5,

    /// <summary>FEAT_HPDS: TCR_EL1.HPD0 and HPD1.</summary>
    Hpds = 1 << 6,

    /// <summary>FEAT_DPB: DC CVAP.</summary>
    Dpb = 1 << 7,

    /// <summary>FEAT_IDST: unassigned encodings of the ID space trap with EC 0x18, not 0x00.</summary>
    Idst = 1 << 8,

    /// <summary>FEAT_DIT: PSTATE.DIT.</summary>
    Dit = 1 << 9,

    /// <summary>FEAT_SSBS: PSTATE.SSBS.</summary>
    Ssbs = 1 << 10,

    /// <summary>FEAT_RAS: ESB and DISR_EL1.</summary>
    Ras = 1 << 11,

    /// <summary>PACIA and its relatives are there, the keys are not: they leave their operand alone.</summary>
    PauthWithoutKeys = 1 << 12,

    /// <summary>FEAT_PAN2: AT S1E1RP and S1E1WP.</summary>
    Pan2 = 1 << 13,

    /// <summary>FEAT_TLBIOS: outer shareable forms of TLBI.</summary>
    TlbiOs = 1 << 14,

    /// <summary>FEAT_SPECRES: CFP, DVP and CPP RCTX.</summary>
    SpecRes = 1 << 15,

    /// <summary>FEAT_DPB2: DC CVADP.</summary>
    Dpb2 = 1 << 16,

    /// <summary>FEAT_RNG: RNDR and RNDRRS.</summary>
    Rng = 1 << 17,
}
