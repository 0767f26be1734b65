/* The same work as examples/reader.rs by libical: libical FILE YEAR */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void count(icalcomponent *event, struct icaltime_span *span, void *found) {
    (void)event;
    (void)span;
    ++*(long *)found;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static icaltimetype april(int year) {
    icaltimezone *tokyo = icaltimezone_get_builtin_timezone("Asia/Tokyo");
    icaltimetype day = icaltime_null_time();
    day.year = year;
    day.month = 4;
    day.day = 1;
    day.zone = tokyo;
    return icaltime_convert_to_zone(day, icaltimezone_get_utc_timezone());
}

int main(int arguments, char **argument) {
    if (arguments != 3) return 2;
    FILE *file = fopen(argument[1], "rb");
    if (!file) return 2;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) return 2;
    text[size] = 0;
    int year = atoi(argument[2]);
    icaltimetype from = april(year), to = april(year + 2);
    double began = seconds();
    icalcomponent *calendar = icalparser_parse_string(text);
    double read = seconds();
    long found = 0;
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    for (; event; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
        icalcomponent_foreach_recurrence(event, from, to, count, &found);
    printf("%.3f %.3f %ld\n", read - began, seconds() - read, found);
    return 0;
}
