namespace RmStack.ResourceManager.Parcels;

/// <summary>Where a memparcel is in its life (RM: memparcel.c).</summary>
internal enum MemParcelState
{
    /// <summary>Made with APPEND; its list is not complete.</summary>
    Init,

    /// <summary>Complete; nobody has accepted it.</summary>
    Sharing,

    /// <summary>At least one recipient has accepted it: the owner cannot take it back.</summary>
    Shared,
}
