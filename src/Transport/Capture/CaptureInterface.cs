using System.Globalization;

namespace RmStack.Transport.Capture;

/// <summary>One interface of a capture file: for this project's files, a VM's link. pcapng: draft-ietf-opsawg-pcapng, section 4.2.</summary>
/// <param name="Section">The section of the file that describes it, from 0.</param>
/// <param name="Index">Its number in the section, from 0.</param>
/// <param name="LinkType">What its packets are; <see cref="PcapngFormat.LinkType"/> for queue messages of the Resource Manager.</param>
/// <param name="SnapLength">Bytes after which packets were cut; 0 for no limit.</param>
/// <param name="Name">if_name, or null.</param>
/// <param name="Description">if_description, or null.</param>
/// <param name="Clock">What a timestamp of its packets counts.</param>
public sealed record CaptureInterface(int Section, int Index, ushort LinkType, uint SnapLength, string? Name, string? Description, CaptureClock Clock)
{
    private const string Prefix = "vm0x";
    private const int MaxDigits = 4;

    /// <summary>VMID of the link, when its name has one ("vm0x80"); else null.</summary>
    public ushort? Vmid => TryParseVmid(Name, out var vmid) ? vmid : null;

    /// <summary>The name of a VM's link: "vm0x" and the VMID in lower hex.</summary>
    public static string NameOf(ushort vmid) => Prefix + vmid.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Reads the VMID out of a link's name.</summary>
    /// <returns>False when the name is not of that kind.</returns>
    public static bool TryParseVmid(string? name, out ushort vmid)
    {
        vmid = 0;
        return name is not null
            && name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.Length - Prefix.Length <= MaxDigits
            && ushort.TryParse(name.AsSpan(Prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out vmid);
    }
}
