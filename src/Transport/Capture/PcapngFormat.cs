namespace RmStack.Transport.Capture;

/// <summary>Numbers of the pcapng format, and the limits that this project adds. pcapng: draft-ietf-opsawg-pcapng.</summary>
public static class PcapngFormat
{
    /// <summary>LINKTYPE_USER0: queue messages of the Resource Manager have no number of their own.</summary>
    public const ushort LinkType = 147;

    /// <summary>Bytes of the longest block that is looked into. Blocks of unknown types may have any length: they are skipped.</summary>
    public const int MaxBlockLength = 1 << 20;

    /// <summary>Interfaces of one section.</summary>
    public const int MaxInterfaces = 4096;

    /// <summary>Bytes of the longest packet that is written.</summary>
    public const int MaxPacketLength = 1 << 18;

    /// <summary>Bytes of the longest comment or name that is written.</summary>
    public const int MaxTextLength = ushort.MaxValue;

    internal const uint SectionHeader = 0x0A0D0D0A;
    internal const uint InterfaceDescription = 1;
    internal const uint ObsoletePacket = 2;
    internal const uint SimplePacket = 3;
    internal const uint EnhancedPacket = 6;

    internal const uint ByteOrderMagic = 0x1A2B3C4D;
    internal const ushort Version = 1;

    internal const ushort EndOfOptions = 0;
    internal const ushort Comment = 1;
    internal const ushort PacketFlags = 2;
    internal const ushort InterfaceName = 2;
    internal const ushort InterfaceText = 3;
    internal const ushort Resolution = 9;
    internal const ushort TimeOffset = 14;
    internal const ushort Application = 4;

    /// <summary>Type and length in front of a block.</summary>
    internal const int BlockHead = 8;

    /// <summary>What the lengths at both ends and the type take.</summary>
    internal const int BlockFrame = 12;

    internal const int SectionFixed = 16;
    internal const int InterfaceFixed = 8;
    internal const int EnhancedFixed = 20;
    internal const int SimpleFixed = 4;
    internal const int OptionHead = 4;

    internal static int Padded(int length) => (length + 3) & ~3;
}
