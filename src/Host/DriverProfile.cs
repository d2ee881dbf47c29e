namespace RmStack.Host;

/// <summary>Generations of the Linux host driver, by the patch series or the tree they are known from.</summary>
public enum DriverProfile
{
    /// <summary>Series v4: kernel-internal launch, RM console.</summary>
    V4,

    /// <summary>Series v6: first user-space interface, VMs scheduled by the hypervisor.</summary>
    V6,

    /// <summary>Series v11 to v14 and Android 6.1: pinned memory, proxy-scheduled vCPUs.</summary>
    V12,

    /// <summary>Series v15: guest memory files, demand paging.</summary>
    V15,

    /// <summary>Series v17.</summary>
    V17,

    /// <summary>Android common kernel 6.6 and later.</summary>
    Android,

    /// <summary>The KVM front end.</summary>
    Kvm,
}

/// <summary>Names of driver profiles, and which of them can be run.</summary>
public static class DriverProfiles
{
    private static readonly (string Name, DriverProfile Profile)[] Names =
    [
        ("v4", DriverProfile.V4),
        ("v6", DriverProfile.V6),
        ("v11", DriverProfile.V12),
        ("v12", DriverProfile.V12),
        ("v13", DriverProfile.V12),
        ("v14", DriverProfile.V12),
        ("v15", DriverProfile.V15),
        ("v17", DriverProfile.V17),
        ("android", DriverProfile.Android),
        ("kvm", DriverProfile.Kvm),
    ];

    /// <summary>Every name a profile can be asked for by.</summary>
    public static IEnumerable<string> AllNames => Names.Select(static row => row.Name);

    /// <summary>Finds a profile by name; v11, v13 and v14 are the generation of v12.</summary>
    public static bool TryParse(string? name, out DriverProfile profile)
    {
        foreach (var row in Names)
        {
            if (!string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase)) continue;
            profile = row.Profile;
            return true;
        }

        profile = default;
        return false;
    }

    /// <summary>The profile's main name.</summary>
    public static string Name(this DriverProfile profile) => profile == DriverProfile.V12
        ? "v12"
        : Array.Find(Names, row => row.Profile == profile).Name;

    /// <summary>True when this host side behaves as that driver does.</summary>
    public static bool IsImplemented(this DriverProfile profile) => profile == DriverProfile.V12;
}
