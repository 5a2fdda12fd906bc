// The selection CLIPBOARD of X11 as its owner (ICCCM 2): who wants what was copied asks, and is
// answered in the form that it asks for; what is larger than a request goes in pieces (INCR).
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <xcb/xcb.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "app/window/picture_clipboard.h"

namespace heed::app {

namespace {

using Forms = std::shared_ptr<const std::vector<ClipboardForm>>;

struct FreeReply {
    void operator()(void* reply) const { std::free(reply); }
};
template <class T>
using Reply = std::unique_ptr<T, FreeReply>;

constexpr std::size_t kPiece = 256 * 1024;  // bytes, of what goes in pieces
constexpr std::uint8_t kBytes = 8;          // bits of an element
constexpr std::uint8_t kWords = 32;

// What is on its way to somebody in pieces.
struct Transfer {
    xcb_window_t requestor = 0;
    xcb_atom_t property = 0;
    xcb_atom_t type = 0;
    Forms forms;
    const std::string* bytes = nullptr;  // within forms
    std::size_t sent = 0;
};

class X11Clipboard final : public PictureClipboard {
  public:
    explicit X11Clipboard(xcb_connection_t* connection)
        : connection_(connection), wake_(eventfd(0, EFD_CLOEXEC)) {
        const xcb_screen_t* screen = xcb_setup_roots_iterator(xcb_get_setup(connection)).data;
        window_ = xcb_generate_id(connection);
        const std::uint32_t events = XCB_EVENT_MASK_PROPERTY_CHANGE;
        xcb_create_window(connection, 0, window_, screen->root, 0, 0, 1, 1, 0,
                          XCB_WINDOW_CLASS_INPUT_ONLY, XCB_COPY_FROM_PARENT, XCB_CW_EVENT_MASK,
                          &events);
        clipboard_ = find_atom("CLIPBOARD");
        targets_ = find_atom("TARGETS");
        timestamp_ = find_atom("TIMESTAMP");
        incr_ = find_atom("INCR");
        clock_ = find_atom("HEED_CLOCK");
        xcb_flush(connection);
        thread_ = std::thread([this] { serve(); });
    }
    ~X11Clipboard() override {
        is_ending_ = true;
        ring();
        thread_.join();
        close(wake_);
        xcb_disconnect(connection_);
    }
    X11Clipboard(const X11Clipboard&) = delete;
    X11Clipboard& operator=(const X11Clipboard&) = delete;

    void offer(std::vector<ClipboardForm> forms) override {
        {
            const std::lock_guard lock(mutex_);
            asked_ = std::make_shared<const std::vector<ClipboardForm>>(std::move(forms));
        }
        ring();
    }

  private:
    void ring() const {
        const std::uint64_t one = 1;
        // A full counter rings, too.
        if (write(wake_, &one, sizeof one) < 0) return;
    }

    xcb_atom_t find_atom(const std::string& name) {
        const xcb_intern_atom_cookie_t asked =
            xcb_intern_atom(connection_, 0, static_cast<std::uint16_t>(name.size()), name.data());
        const Reply<xcb_intern_atom_reply_t> reply(
            xcb_intern_atom_reply(connection_, asked, nullptr));
        return reply == nullptr ? static_cast<xcb_atom_t>(XCB_ATOM_NONE) : reply->atom;
    }

    void serve() {
        std::array<pollfd, 2> waits{pollfd{xcb_get_file_descriptor(connection_), POLLIN, 0},
                                    pollfd{wake_, POLLIN, 0}};
        while (!is_ending_ && xcb_connection_has_error(connection_) == 0) {
            while (const Reply<xcb_generic_event_t> event{xcb_poll_for_event(connection_)}) {
                take(*event);
            }
            xcb_flush(connection_);
            if (poll(waits.data(), waits.size(), -1) < 0) continue;
            if ((waits[1].revents & POLLIN) == 0) continue;
            std::uint64_t count = 0;
            if (read(wake_, &count, sizeof count) > 0) ask_for_time();
        }
    }

    // Owning begins at a time of the server's: it is told with the change of a property.
    void ask_for_time() {
        {
            const std::lock_guard lock(mutex_);
            if (asked_ == nullptr) return;
        }
        xcb_change_property(connection_, XCB_PROP_MODE_APPEND, window_, clock_, XCB_ATOM_INTEGER,
                            kWords, 0, nullptr);
        xcb_flush(connection_);
    }

    void take(const xcb_generic_event_t& event) {
        const auto* bytes = reinterpret_cast<const char*>(&event);
        switch (event.response_type & 0x7F) {
            case XCB_SELECTION_REQUEST:
                answer(*reinterpret_cast<const xcb_selection_request_event_t*>(bytes));
                break;
            case XCB_SELECTION_CLEAR:
                offered_.reset();
                break;
            case XCB_PROPERTY_NOTIFY:
                notice(*reinterpret_cast<const xcb_property_notify_event_t*>(bytes));
                break;
            default:
                break;
        }
    }

    void notice(const xcb_property_notify_event_t& event) {
        if (event.window == window_ && event.atom == clock_) {
            begin_owning(event.time);
            return;
        }
        if (event.state != XCB_PROPERTY_DELETE) return;
        const auto at =
            std::find_if(transfers_.begin(), transfers_.end(), [&](const Transfer& transfer) {
                return transfer.requestor == event.window && transfer.property == event.atom;
            });
        if (at != transfers_.end() && !send_piece(*at)) transfers_.erase(at);
    }

    void begin_owning(xcb_timestamp_t time) {
        {
            const std::lock_guard lock(mutex_);
            if (asked_ == nullptr) return;
            offered_ = std::move(asked_);
            asked_ = nullptr;
        }
        owned_since_ = time;
        xcb_set_selection_owner(connection_, window_, clipboard_, time);
        xcb_flush(connection_);
    }

    void answer(const xcb_selection_request_event_t& request) {
        xcb_selection_notify_event_t note{};
        note.response_type = XCB_SELECTION_NOTIFY;
        note.time = request.time;
        note.requestor = request.requestor;
        note.selection = request.selection;
        note.target = request.target;
        // Old programs name no property.
        const xcb_atom_t property =
            request.property == XCB_ATOM_NONE ? request.target : request.property;
        note.property = give(request.requestor, request.target, property)
                            ? property
                            : static_cast<xcb_atom_t>(XCB_ATOM_NONE);
        std::array<char, 32> bytes{};  // an event is as long as that
        std::memcpy(bytes.data(), &note, sizeof note);
        xcb_send_event(connection_, 0, request.requestor, XCB_EVENT_MASK_NO_EVENT, bytes.data());
        xcb_flush(connection_);
    }

    // Puts what was asked for where the requestor finds it. False where there is no such form.
    bool give(xcb_window_t requestor, xcb_atom_t target, xcb_atom_t property) {
        if (offered_ == nullptr) return false;
        if (target == timestamp_) {
            put(requestor, property, XCB_ATOM_INTEGER, kWords, &owned_since_, 1);
            return true;
        }
        if (target == targets_) {
            std::vector<xcb_atom_t> atoms{targets_, timestamp_};
            for (const ClipboardForm& form : *offered_) atoms.push_back(find_atom(form.type));
            put(requestor, property, XCB_ATOM_ATOM, kWords, atoms.data(), atoms.size());
            return true;
        }
        for (const ClipboardForm& form : *offered_) {
            if (find_atom(form.type) != target) continue;
            give_bytes({requestor, property, target, offered_, &form.bytes, 0});
            return true;
        }
        return false;
    }

    void give_bytes(const Transfer& transfer) {
        const std::string& bytes = *transfer.bytes;
        if (bytes.size() <= kPiece && bytes.size() < most_bytes()) {
            put(transfer.requestor, transfer.property, transfer.type, kBytes, bytes.data(),
                bytes.size());
            return;
        }
        const std::uint32_t events = XCB_EVENT_MASK_PROPERTY_CHANGE;
        xcb_change_window_attributes(connection_, transfer.requestor, XCB_CW_EVENT_MASK, &events);
        const auto size = static_cast<std::uint32_t>(bytes.size());
        put(transfer.requestor, transfer.property, incr_, kWords, &size, 1);
        transfers_.push_back(transfer);
    }

    // The next piece; an empty one ends. False when it was the last.
    bool send_piece(Transfer& transfer) {
        const std::size_t left = transfer.bytes->size() - transfer.sent;
        const std::size_t count = std::min({left, kPiece, most_bytes()});
        put(transfer.requestor, transfer.property, transfer.type, kBytes,
            transfer.bytes->data() + transfer.sent, count);
        xcb_flush(connection_);
        transfer.sent += count;
        return count > 0;
    }

    // What one request can hold besides its own words.
    std::size_t most_bytes() {
        return static_cast<std::size_t>(xcb_get_maximum_request_length(connection_)) * 4 - 64;
    }

    void put(xcb_window_t requestor, xcb_atom_t property, xcb_atom_t type, std::uint8_t bits,
             const void* elements, std::size_t count) {
        xcb_change_property(connection_, XCB_PROP_MODE_REPLACE, requestor, property, type, bits,
                            static_cast<std::uint32_t>(count), elements);
    }

    xcb_connection_t* connection_;
    int wake_;
    xcb_window_t window_ = 0;
    xcb_atom_t clipboard_ = 0;
    xcb_atom_t targets_ = 0;
    xcb_atom_t timestamp_ = 0;
    xcb_atom_t incr_ = 0;
    xcb_atom_t clock_ = 0;
    std::atomic<bool> is_ending_ = false;
    std::mutex mutex_;
    Forms asked_;    // under mutex_
    Forms offered_;  // the thread's
    xcb_timestamp_t owned_since_ = 0;
    std::vector<Transfer> transfers_;
    std::thread thread_;
};

}  // namespace

std::unique_ptr<PictureClipboard> make_x11_clipboard() {
    const char* display = std::getenv("DISPLAY");
    if (display == nullptr || *display == '\0') return nullptr;
    xcb_connection_t* connection = xcb_connect(nullptr, nullptr);
    if (xcb_connection_has_error(connection) != 0) {
        xcb_disconnect(connection);
        return nullptr;
    }
    return std::make_unique<X11Clipboard>(connection);
}

}  // namespace heed::app
