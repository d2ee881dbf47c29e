using System.Buffers.Binary;

namespace RmStack.Cli.Decode;

/// <summary>What an input of packets can be.</summary>
internal enum InputFormat
{
    /// <summary>To be seen from its first bytes.</summary>
    Auto,

    /// <summary>Lines of hex, or a hex dump.</summary>
    Hex,

    /// <summary>The packets of one message, as they are.</summary>
    Raw,

    /// <summary>A pcapng file.</summary>
    Pcapng,

    /// <summary>A file of the older pcap format, which has no place for links and directions.</summary>
    Pcap,
}

/// <summary>Tells input formats apart.</summary>
internal static class InputFormats
{
    /// <summary>Bytes that are looked at.</summary>
    public const int HeadSize = 512;

    private const uint PcapngMagic = 0x0A0D0D0A;

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string name, out InputFormat format)
    {
        InputFormat? known = name.ToUpperInvariant() switch
        {
            "AUTO" => InputFormat.Auto,
            "HEX" => InputFormat.Hex,
            "RAW" => InputFormat.Raw,
            "PCAPNG" => InputFormat.Pcapng,
            _ => null,
        };
        format = known ?? InputFormat.Auto;
        return known is not null;
    }

    /// <summary>What an input with these first bytes is. A packet's first byte is 0x21, so raw packets always have bytes that no text has.</summary>
    public static InputFormat Of(ReadOnlySpan<byte> head)
    {
        if (head.Length >= sizeof(uint))
        {
            var magic = BinaryPrimitives.ReadUInt32LittleEndian(head);
            if (magic == PcapngMagic)
                return InputFormat.Pcapng;
            if (magic is 0xA1B2C3D4 or 0xD4C3B2A1 or 0xA1B23C4D or 0x4D3CB2A1)
                return InputFormat.Pcap;
        }

        foreach (var c in head)
        {
            if (c is not ((>= 0x20 and < 0x7F) or (byte)'\t' or (byte)'\n' or (byte)'\r'))
                return InputFormat.Raw;
        }

        return InputFormat.Hex;
    }
}
