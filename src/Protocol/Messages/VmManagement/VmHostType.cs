namespace RmStack.Protocol.Messages;

/// <summary>Bytes of the reply to VM_HOST_GET_TYPE, 0x01000164 as one word. RM: vm_mgnt.c.</summary>
public static class VmHostType
{
    /// <summary>Byte 0: AArch64.</summary>
    public const byte AArch64 = 0x64;

    /// <summary>Byte 1: Gunyah with a Resource Manager.</summary>
    public const byte GunyahWithRm = 0x01;

    /// <summary>Byte 3: version of the answer.</summary>
    public const byte Version = 0x01;
}
