// The desktop's wishes, asked of a portal that the test plays on a bus of its own.
#include "app/window/system_look.h"

#include <dbus/dbus.h>
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

using namespace heed::app;

namespace {

constexpr const char* kInterface = "org.freedesktop.portal.Settings";
constexpr const char* kAppearance = "org.freedesktop.appearance";
constexpr const char* kScheme = "color-scheme";

// dbus-daemon, and its address; "" where there is none on this machine.
class Bus {
  public:
    Bus() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe(ends.data()) == 0);
        child_ = ::fork();
        if (child_ == 0) {
            ::dup2(ends[1], 1);
            ::execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", "--print-address",
                     static_cast<char*>(nullptr));
            ::_exit(127);
        }
        ::close(ends[1]);
        char letter = 0;
        while (::read(ends[0], &letter, 1) == 1 && letter != '\n') address += letter;
        ::close(ends[0]);
        if (!address.empty()) ::setenv("DBUS_SESSION_BUS_ADDRESS", address.c_str(), 1);
    }
    ~Bus() {
        ::unsetenv("DBUS_SESSION_BUS_ADDRESS");
        ::kill(child_, SIGTERM);
        ::waitpid(child_, nullptr, 0);
    }
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;

    std::string address;

  private:
    pid_t child_ = -1;
};

// Answers `Read` with `scheme` for the colour scheme and with an error for all else.
class Portal {
  public:
    explicit Portal(unsigned scheme) : scheme_(scheme) {
        connection_ =
            dbus_connection_open_private(std::getenv("DBUS_SESSION_BUS_ADDRESS"), nullptr);
        REQUIRE(connection_ != nullptr);
        REQUIRE(dbus_bus_register(connection_, nullptr));
        dbus_connection_set_exit_on_disconnect(connection_, FALSE);
        dbus_bus_request_name(connection_, "org.freedesktop.portal.Desktop", 0, nullptr);
        thread_ = std::thread([this] { serve(); });
    }
    ~Portal() {
        ends_ = true;
        thread_.join();
        dbus_connection_close(connection_);
        dbus_connection_unref(connection_);
    }
    Portal(const Portal&) = delete;
    Portal& operator=(const Portal&) = delete;

    void change(unsigned scheme) { wanted_ = static_cast<int>(scheme); }

  private:
    void serve() {
        while (!ends_) {
            dbus_connection_read_write(connection_, 10);
            while (DBusMessage* message = dbus_connection_pop_message(connection_)) {
                answer(message);
                dbus_message_unref(message);
            }
            const int wanted = wanted_.exchange(-1);
            if (wanted >= 0) tell(static_cast<unsigned>(wanted));
        }
    }

    void answer(DBusMessage* question) {
        if (!dbus_message_is_method_call(question, kInterface, "Read")) return;
        const char* space = nullptr;
        const char* key = nullptr;
        dbus_message_get_args(question, nullptr, DBUS_TYPE_STRING, &space, DBUS_TYPE_STRING, &key,
                              DBUS_TYPE_INVALID);
        DBusMessage* reply = nullptr;
        if (std::string(space) == kAppearance && std::string(key) == kScheme) {
            reply = dbus_message_new_method_return(question);
            DBusMessageIter at;
            DBusMessageIter outer;
            dbus_message_iter_init_append(reply, &at);
            dbus_message_iter_open_container(&at, DBUS_TYPE_VARIANT, "v", &outer);
            append(&outer, scheme_);
            dbus_message_iter_close_container(&at, &outer);
        } else {
            reply = dbus_message_new_error(question, DBUS_ERROR_FAILED, "no such setting");
        }
        dbus_connection_send(connection_, reply, nullptr);
        dbus_message_unref(reply);
    }

    void tell(unsigned scheme) {
        DBusMessage* signal = dbus_message_new_signal("/org/freedesktop/portal/desktop", kInterface,
                                                      "SettingChanged");
        DBusMessageIter at;
        dbus_message_iter_init_append(signal, &at);
        dbus_message_iter_append_basic(&at, DBUS_TYPE_STRING, &kAppearance);
        dbus_message_iter_append_basic(&at, DBUS_TYPE_STRING, &kScheme);
        append(&at, scheme);
        dbus_connection_send(connection_, signal, nullptr);
        dbus_connection_flush(connection_);
        dbus_message_unref(signal);
    }

    static void append(DBusMessageIter* at, unsigned value) {
        DBusMessageIter inside;
        const dbus_uint32_t number = value;
        dbus_message_iter_open_container(at, DBUS_TYPE_VARIANT, "u", &inside);
        dbus_message_iter_append_basic(&inside, DBUS_TYPE_UINT32, &number);
        dbus_message_iter_close_container(at, &inside);
    }

    DBusConnection* connection_ = nullptr;
    unsigned scheme_;
    std::atomic<int> wanted_{-1};
    std::atomic<bool> ends_{false};
    std::thread thread_;
};

// Waits up to 10 s for the wish.
bool comes_to(const SystemLookWatcher& watcher, std::optional<bool> is_dark) {
    for (int i = 0; i < 10000; ++i) {
        if (watcher.look().is_dark == is_dark) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
}

}  // namespace

TEST_SUITE_BEGIN("app/window/system_look");

TEST_CASE("GTK_THEME tells where nobody else does") {
    CHECK(read_gtk_theme(nullptr) == SystemLook{});
    CHECK(read_gtk_theme("") == SystemLook{});
    CHECK(read_gtk_theme("Adwaita:dark").is_dark == true);
    CHECK(read_gtk_theme("Yaru-dark").is_dark == true);
    CHECK(read_gtk_theme("Adwaita").is_dark == false);
}

TEST_CASE("without a bus nothing is said, at once") {
    ::unsetenv("DBUS_SESSION_BUS_ADDRESS");
    {
        const SystemLookWatcher watcher([] {});
        CHECK(watcher.wait_for_first() == read_gtk_theme(std::getenv("GTK_THEME")));
    }
    ::setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all", 1);
    {
        const SystemLookWatcher watcher([] {});
        CHECK_FALSE(watcher.wait_for_first().reduces_motion);
    }
    ::unsetenv("DBUS_SESSION_BUS_ADDRESS");
}

TEST_CASE("the portal's wish is taken over, and so are its changes") {
    const Bus bus;
    if (bus.address.empty()) {
        MESSAGE("no dbus-daemon here");
        return;
    }
    Portal portal(1);
    std::atomic<int> wakes = 0;
    const SystemLookWatcher watcher([&] { ++wakes; });
    CHECK(comes_to(watcher, true));
    portal.change(2);
    CHECK(comes_to(watcher, false));
    portal.change(0);
    CHECK(comes_to(watcher, std::nullopt));
    CHECK(wakes >= 3);
}

TEST_CASE("a bus without a portal says nothing, and the watcher ends") {
    const Bus bus;
    if (bus.address.empty()) return;
    const SystemLookWatcher watcher([] {});
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK_FALSE(watcher.look().reduces_motion);
}

TEST_CASE("the person's choice goes before the system's") {
    LookOptions look;
    const SystemLook dark{true, true};
    CHECK(make_theme(look, dark).is_dark());
    CHECK_FALSE(make_theme(look, {}).is_dark());
    CHECK(reduces_motion(look, dark));
    CHECK_FALSE(reduces_motion(look, {}));
    look.theme = ThemeChoice::kLight;
    look.motion = MotionChoice::kFull;
    CHECK_FALSE(make_theme(look, dark).is_dark());
    CHECK_FALSE(reduces_motion(look, dark));
}

TEST_SUITE_END();
