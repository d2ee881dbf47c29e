namespace RmStack.Machine.Mmu;

/// <summary>What is to be done to memory.</summary>
internal enum MemoryAccess
{
    Read,
    Write,
    Fetch,
}

/// <summary>Who refuses an access, and so who hears of it.</summary>
internal enum FaultOrigin
{
    None,

    /// <summary>Stage 1, or an external abort: an exception to EL1.</summary>
    Stage1,

    /// <summary>Stage 2: an exit to the hypervisor.</summary>
    Stage2,
}

/// <summary>Why an access cannot be done.</summary>
internal struct MemoryFault
{
    public FaultOrigin Origin;

    /// <summary>DFSC or IFSC, with the level in its low bits where the kind has one.</summary>
    public uint Code;

    /// <summary>Stage 2 refused a read of a stage-1 descriptor.</summary>
    public bool OnStage1Walk;

    /// <summary>For stage 2, the intermediate physical address.</summary>
    public ulong Ipa;
}

/// <summary>Fault status codes without level (Arm ARM D24.2.40).</summary>
internal static class FaultCode
{
    public const uint AddressSize = 0x00;
    public const uint Translation = 0x04;
    public const uint AccessFlag = 0x08;
    public const uint Permission = 0x0c;
    public const uint External = 0x10;
    public const uint ExternalOnWalk = 0x14;
    public const uint Alignment = 0x21;
}

/// <summary>Where an address leads.</summary>
internal struct Translation
{
    /// <summary>Intermediate physical address: the result of stage 1.</summary>
    public ulong Ipa;

    /// <summary>Physical address, inside RAM.</summary>
    public ulong Pa;

    /// <summary>Log2 of the stage-1 page or block; 12 when stage 1 is off.</summary>
    public byte Shift;

    /// <summary>Stage 1 makes it Device memory.</summary>
    public bool Stage1Device;

    /// <summary>Stage 2 makes it Device memory.</summary>
    public bool Stage2Device;

    /// <summary>MAIR byte of stage 1.</summary>
    public byte Attributes;

    /// <summary>SH of the stage-1 descriptor.</summary>
    public byte Shareability;
}
