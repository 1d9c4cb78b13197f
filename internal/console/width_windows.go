package console

import (
	"os"

	"golang.org/x/sys/windows"
)

func columns(f *os.File) int {
	var info windows.ConsoleScreenBufferInfo
	err := windows.GetConsoleScreenBufferInfo(windows.Handle(f.Fd()), &info)
	if err != nil {
		return 0
	}
	return int(info.Window.Right-info.Window.Left) + 1
}
