#!/usr/bin/python3
"""sysfs and udev events of virtual keys (umockdev). One command a line on stdin, one answer a line on stdout.

plug NUMBER SERIAL   a composite device: HID (interface 0) and vendor bulk (interface 1) on bus 1, device 2 + NUMBER
unplug NUMBER        what was plugged goes, with its events
"""
import os
import struct
import sys

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev  # noqa: E402

VENDOR, PRODUCT, MAKER, NAME = 0x1209, 0x0001, "certhall", "Virtual UKEY"
# One collection on vendor page FF00, reports of 64 octets both ways, no report number.
REPORTS = bytes.fromhex("0600ff0901a1010902150026ff0075089540810209031500" + "26ff00750895409102c0")


def descriptors():
    def endpoint(address, kind, interval):
        return struct.pack("<BBBBHB", 7, 5, address, kind, 64, interval)

    device = struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x0200, 0, 0, 0, 64, VENDOR, PRODUCT, 0x0100, 1, 2, 3, 1)
    hid = struct.pack("<BBBBBBBBB", 9, 4, 0, 0, 2, 3, 0, 0, 0)
    hid += struct.pack("<BBHBBBH", 9, 0x21, 0x0111, 0, 1, 0x22, len(REPORTS))
    hid += endpoint(0x81, 3, 1) + endpoint(0x01, 3, 1)
    bulk = struct.pack("<BBBBBBBBB", 9, 4, 1, 0, 2, 0xFF, 0, 0, 0) + endpoint(0x82, 2, 0) + endpoint(0x02, 2, 0)
    interfaces = hid + bulk
    return device + struct.pack("<BBHBBBBB", 9, 2, 9 + len(interfaces), 2, 1, 0, 0x80, 50) + interfaces


class Ports:
    def __init__(self):
        self.bed = UMockdev.Testbed.new()
        self.plugged = {}
        self.hub = self.bed.add_device(
            "usb", "usb1", None, ["busnum", "1", "devnum", "1", "idVendor", "1d6b", "idProduct", "0002"],
            ["DEVTYPE", "usb_device", "BUSNUM", "001", "DEVNUM", "001", "DEVNAME", "/dev/bus/usb/001/001"])

    def plug(self, number, serial):
        address, port = 2 + number, f"1-{1 + number}"
        add = self.bed.add_device
        usb = add(
            "usb", port, self.hub,
            ["busnum", "1", "devnum", str(address), "idVendor", f"{VENDOR:04x}", "idProduct", f"{PRODUCT:04x}",
             "manufacturer", MAKER, "product", NAME, "serial", serial, "bConfigurationValue", "1",
             "bDeviceClass", "00", "speed", "12"],
            ["DEVTYPE", "usb_device", "BUSNUM", "001", "DEVNUM", f"{address:03d}",
             "DEVNAME", f"/dev/bus/usb/001/{address:03d}", "MAJOR", "189", "MINOR", str(address - 1),
             "ID_VENDOR_ID", f"{VENDOR:04x}", "ID_MODEL_ID", f"{PRODUCT:04x}"])
        self.bed.set_attribute_binary(usb, "descriptors", descriptors())
        hid_interface = add("usb", f"{port}:1.0", usb, ["bInterfaceClass", "03", "bInterfaceNumber", "00"],
                            ["DEVTYPE", "usb_interface", "DRIVER", "usbhid"])
        bulk_interface = add("usb", f"{port}:1.1", usb, ["bInterfaceClass", "ff", "bInterfaceNumber", "01"],
                             ["DEVTYPE", "usb_interface"])
        hid = add("hid", f"0003:{VENDOR:04X}:{PRODUCT:04X}.{1 + number:04X}", hid_interface, [],
                  ["DRIVER", "hid-generic", "HID_ID", f"0003:{VENDOR:08X}:{PRODUCT:08X}",
                   "HID_NAME", f"{MAKER} {NAME}", "HID_PHYS", "usb-0/input0", "HID_UNIQ", serial])
        self.bed.set_attribute_binary(hid, "report_descriptor", REPORTS)
        raw = add("hidraw", f"hidraw{number}", hid, ["dev", f"240:{number}"],
                  ["DEVNAME", f"/dev/hidraw{number}", "MAJOR", "240", "MINOR", str(number)])
        # The kernel has this link; umockdev does not make it, and hidapi finds the report descriptor by it.
        os.symlink("..", f"{self.bed.get_root_dir()}{raw}/device")
        self.plugged[number] = [usb, hid_interface, bulk_interface, hid, raw]
        for path in self.plugged[number]:
            self.bed.uevent(path, "add")

    def unplug(self, number):
        paths = self.plugged.pop(number)
        for path in reversed(paths):
            self.bed.uevent(path, "remove")
        os.unlink(f"{self.bed.get_root_dir()}{paths[-1]}/device")
        for path in reversed(paths):
            self.bed.remove_device(path)


def main():
    ports = Ports()
    print(f"ready {ports.bed.get_root_dir()} {REPORTS.hex()}", flush=True)
    for line in sys.stdin:
        word, number, *serial = line.split()
        if word == "plug":
            ports.plug(int(number), serial[0])
        else:
            ports.unplug(int(number))
        print("done", flush=True)


main()
