// What the desktop prefers: dark or light, with or without motion. Asked over D-Bus (the portal
// org.freedesktop.portal.Settings) on a thread of its own, which then listens for changes. Without
// a bus or a portal GTK_THEME decides, else nothing is said.
#pragma once

#include <functional>
#include <memory>

#include "app/ui/look.h"

namespace heed::app {

class SystemLookWatcher {
  public:
    // `wake` is called from the thread whenever look() changes.
    explicit SystemLookWatcher(std::function<void()> wake);
    ~SystemLookWatcher();
    SystemLookWatcher(const SystemLookWatcher&) = delete;
    SystemLookWatcher& operator=(const SystemLookWatcher&) = delete;

    SystemLook look() const;
    // The same after the first answer, or after a tenth of a second without one.
    SystemLook wait_for_first() const;

  private:
    struct Shared;
    std::unique_ptr<Shared> shared_;
};

// What GTK_THEME ("Adwaita:dark") says; nothing where it is null or empty.
SystemLook read_gtk_theme(const char* gtk_theme);

}  // namespace heed::app
