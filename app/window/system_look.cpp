#include "app/window/system_look.h"

#include <dbus/dbus.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace heed::app {

namespace {

constexpr const char* kPortal = "org.freedesktop.portal.Desktop";
constexpr const char* kPath = "/org/freedesktop/portal/desktop";
constexpr const char* kInterface = "org.freedesktop.portal.Settings";
constexpr const char* kAppearance = "org.freedesktop.appearance";
constexpr const char* kColourScheme = "color-scheme";
constexpr const char* kGnome = "org.gnome.desktop.interface";
constexpr const char* kAnimations = "enable-animations";
constexpr int kAnswer_ms = 1000;
constexpr std::chrono::milliseconds kFirstAnswer{100};

struct Unref {
    void operator()(DBusMessage* message) const { dbus_message_unref(message); }
    void operator()(DBusConnection* connection) const {
        dbus_connection_close(connection);
        dbus_connection_unref(connection);
    }
};
using Message = std::unique_ptr<DBusMessage, Unref>;
using Connection = std::unique_ptr<DBusConnection, Unref>;

// The value in any number of variants: a number or a truth.
std::optional<unsigned> read_number(DBusMessageIter* at) {
    DBusMessageIter inside = *at;
    while (dbus_message_iter_get_arg_type(&inside) == DBUS_TYPE_VARIANT) {
        DBusMessageIter next;
        dbus_message_iter_recurse(&inside, &next);
        inside = next;
    }
    DBusBasicValue value{};
    switch (dbus_message_iter_get_arg_type(&inside)) {
        case DBUS_TYPE_UINT32:
        case DBUS_TYPE_INT32:
            dbus_message_iter_get_basic(&inside, &value);
            return value.u32;
        case DBUS_TYPE_BOOLEAN:
            dbus_message_iter_get_basic(&inside, &value);
            return value.bool_val != 0 ? 1U : 0U;
        default:
            return std::nullopt;
    }
}

std::optional<unsigned> ask(DBusConnection* connection, const char* space, const char* key) {
    const Message question(dbus_message_new_method_call(kPortal, kPath, kInterface, "Read"));
    if (question == nullptr) return std::nullopt;
    dbus_message_append_args(question.get(), DBUS_TYPE_STRING, &space, DBUS_TYPE_STRING, &key,
                             DBUS_TYPE_INVALID);
    const Message answer(
        dbus_connection_send_with_reply_and_block(connection, question.get(), kAnswer_ms, nullptr));
    DBusMessageIter at;
    if (answer == nullptr || !dbus_message_iter_init(answer.get(), &at)) return std::nullopt;
    return read_number(&at);
}

// The portal's words: 0 no preference, 1 dark, 2 light.
void take(SystemLook& look, std::string_view space, std::string_view key, unsigned value) {
    if (space == kAppearance && key == kColourScheme) {
        look.is_dark = value == 0 ? std::nullopt : std::optional(value == 1);
    }
    if (space == kGnome && key == kAnimations) look.reduces_motion = value == 0;
}

// Changes `look` by a signal SettingChanged(space, key, value).
void take_signal(SystemLook& look, DBusMessage* message) {
    if (!dbus_message_is_signal(message, kInterface, "SettingChanged")) return;
    DBusMessageIter at;
    if (!dbus_message_iter_init(message, &at)) return;
    std::array<const char*, 2> words{};
    for (const char*& word : words) {
        if (dbus_message_iter_get_arg_type(&at) != DBUS_TYPE_STRING) return;
        dbus_message_iter_get_basic(&at, static_cast<void*>(&word));
        dbus_message_iter_next(&at);
    }
    if (const std::optional<unsigned> value = read_number(&at)) {
        take(look, words[0], words[1], *value);
    }
}

Connection connect() {
    const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS");
    if (address == nullptr || *address == '\0') return nullptr;
    Connection connection(dbus_connection_open_private(address, nullptr));
    if (connection == nullptr) return nullptr;
    dbus_connection_set_exit_on_disconnect(connection.get(), FALSE);
    if (!dbus_bus_register(connection.get(), nullptr)) return nullptr;
    const std::string rule = std::string("type='signal',interface='") + kInterface + "'";
    dbus_bus_add_match(connection.get(), rule.c_str(), nullptr);
    return connection;
}

}  // namespace

SystemLook read_gtk_theme(const char* gtk_theme) {
    SystemLook look;
    const std::string_view theme = gtk_theme == nullptr ? "" : gtk_theme;
    if (theme.empty()) return look;
    look.is_dark = theme.ends_with(":dark") || theme.ends_with("-dark");
    return look;
}

struct SystemLookWatcher::Shared {
    explicit Shared(std::function<void()> wake_) : wake(std::move(wake_)) {
        thread = std::thread([this] { watch(); });
    }
    ~Shared() {
        const std::uint64_t one = 1;
        // An eventfd takes eight bytes or fails; then the thread would wait for ever.
        while (::write(stop, &one, sizeof one) < 0 && errno == EINTR) continue;
        thread.join();
        ::close(stop);
    }

    void publish(const SystemLook& now) {
        {
            const std::lock_guard lock(mutex);
            const bool is_news = !(look == now) || !has_answer;
            look = now;
            has_answer = true;
            if (!is_news) return;
        }
        answered.notify_all();
        wake();
    }

    void watch() {
        SystemLook now = read_gtk_theme(std::getenv("GTK_THEME"));
        const Connection connection = connect();
        if (connection == nullptr) {
            publish(now);
            return;
        }
        constexpr std::array<std::array<const char*, 2>, 2> kQuestions{
            {{kAppearance, kColourScheme}, {kGnome, kAnimations}}};
        for (const auto& [space, key] : kQuestions) {
            if (const auto value = ask(connection.get(), space, key)) take(now, space, key, *value);
        }
        publish(now);
        listen(connection.get(), now);
    }

    void listen(DBusConnection* connection, SystemLook now) {
        int bus = -1;
        if (!dbus_connection_get_unix_fd(connection, &bus)) return;
        for (;;) {
            while (Message message{dbus_connection_pop_message(connection)}) {
                take_signal(now, message.get());
            }
            publish(now);
            std::array<pollfd, 2> waits{{{bus, POLLIN, 0}, {stop, POLLIN, 0}}};
            if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) return;
            if ((waits[1].revents & POLLIN) != 0) return;
            if (!dbus_connection_read_write(connection, 0)) return;
        }
    }

    std::function<void()> wake;
    mutable std::mutex mutex;
    std::condition_variable answered;
    SystemLook look;
    bool has_answer = false;
    int stop = ::eventfd(0, EFD_CLOEXEC);
    std::thread thread;  // last: it uses all of the above
};

SystemLookWatcher::SystemLookWatcher(std::function<void()> wake)
    : shared_(std::make_unique<Shared>(std::move(wake))) {}

SystemLookWatcher::~SystemLookWatcher() = default;

SystemLook SystemLookWatcher::look() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->look;
}

SystemLook SystemLookWatcher::wait_for_first() const {
    std::unique_lock lock(shared_->mutex);
    shared_->answered.wait_for(lock, kFirstAnswer, [this] { return shared_->has_answer; });
    return shared_->look;
}

}  // namespace heed::app
